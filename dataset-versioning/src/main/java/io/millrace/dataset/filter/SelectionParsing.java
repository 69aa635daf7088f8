package io.millrace.dataset.filter;

import io.millrace.dataset.filter.SelectionErrors.Place;
import io.millrace.dataset.filter.grammar.SelectionLexer;
import io.millrace.dataset.filter.grammar.SelectionParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.IntervalSet;

/** From the text of a selection to its tree, or to the error that says what is wrong where. */
final class SelectionParsing {
  /** Characters; a list of some thousand names still fits. */
  static final int MAX_LENGTH = 100_000;

  /** Each level takes a few frames of the stack of a thread, which may be as small as 512 KB. */
  static final int MAX_DEPTH = 200;

  private SelectionParsing() {}

  static Selection parse(String expression) {
    checkText(expression);
    SelectionLexer lexer = new SelectionLexer(CharStreams.fromString(expression));
    lexer.removeErrorListeners();
    CommonTokenStream tokens = new CommonTokenStream(lexer);
    tokens.fill();
    checkTokens(expression, tokens.getTokens());
    SelectionParser parser = new SelectionParser(tokens);
    parser.removeErrorListeners();
    parser.addErrorListener(new FirstError(expression));
    return new SelectionTree(expression).tree(parser.selection());
  }

  static Place place(String expression, Token first, Token last) {
    int start = first.getStartIndex();
    return new Place(expression, start, Math.max(start, last.getStopIndex() + 1));
  }

  private static void checkText(String expression) {
    if (expression.isBlank()) {
      throw SelectionErrors.empty();
    }
    if (expression.length() > MAX_LENGTH) {
      throw SelectionErrors.tooLong(expression, MAX_LENGTH);
    }
    int position = 0;
    for (int i = 0; i < expression.length(); position++) {
      int code = expression.codePointAt(i);
      if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
        throw SelectionErrors.brokenText(position);
      }
      i += Character.charCount(code);
    }
  }

  /** What is better said before the parser sees it, and what it would need too deep a stack for. */
  private static void checkTokens(String expression, List<Token> tokens) {
    int open = 0;
    int nots = 0;
    List<Integer> notsAround = new ArrayList<>();
    for (Token token : tokens) {
      if (token.getType() == SelectionLexer.UNCLOSED) {
        throw SelectionErrors.unclosed(
            place(expression, token, token), token.getText().equals("'") ? "text" : "name");
      }
      if (token.getType() == SelectionLexer.NOT) {
        nots++;
      } else if (token.getType() == SelectionLexer.LEFT) {
        notsAround.add(nots);
        open++;
      } else if (token.getType() == SelectionLexer.RIGHT && open > 0) {
        open--;
        nots = notsAround.remove(open);
      } else if (token.getType() == SelectionLexer.AND || token.getType() == SelectionLexer.OR) {
        nots = open == 0 ? 0 : notsAround.get(open - 1);
      }
      if (open + nots > MAX_DEPTH) {
        throw SelectionErrors.tooDeep(place(expression, token, token), MAX_DEPTH);
      }
    }
  }

  /** Ends the parse at the first token that does not fit: later ones are mostly its echo. */
  private static final class FirstError extends BaseErrorListener {
    /** After these a word is a literal and no field. */
    private static final Set<Integer> LITERAL_FOLLOWS =
        Set.of(
            SelectionParser.EQUAL,
            SelectionParser.NOT_EQUAL,
            SelectionParser.LESS,
            SelectionParser.AT_MOST,
            SelectionParser.GREATER,
            SelectionParser.AT_LEAST,
            SelectionParser.LIKE);

    private final String expression;

    FirstError(String expression) {
      this.expression = expression;
    }

    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        Object offendingSymbol,
        int line,
        int column,
        String message,
        RecognitionException failure) {
      Parser parser = (Parser) recognizer;
      Token token = (Token) offendingSymbol;
      Place place =
          token.getType() == Token.EOF
              ? new Place(expression, token.getStartIndex(), token.getStartIndex())
              : place(expression, token, token);
      throw SelectionErrors.unexpected(place, expected(parser));
    }

    private static List<String> expected(Parser parser) {
      IntervalSet types = parser.getExpectedTokens();
      List<String> words = new ArrayList<>();
      boolean conditionEnds =
          types.contains(Token.EOF)
              || (types.contains(SelectionParser.RIGHT) && !types.contains(SelectionParser.COMMA));
      if (conditionEnds && endsField(parser.getInputStream())) {
        words.add("a comparison such as = or in");
      }
      if (conditionEnds) {
        // The parser has left the loops of both already when it misses what comes after.
        words.addAll(List.of("'and'", "'or'"));
      }
      addWhere(words, types, SelectionParser.NUMBER, "a literal such as 'text' or 12");
      addWhere(words, types, SelectionParser.QUOTED, "a field");
      if (!conditionEnds) {
        addWhere(words, types, SelectionParser.AND, "'and'");
      }
      addWhere(words, types, SelectionParser.NOT, "'not'");
      addWhere(words, types, SelectionParser.IN, "'in'");
      addWhere(words, types, SelectionParser.NULL, "'null'");
      addWhere(words, types, SelectionParser.LEFT, "'('");
      addWhere(words, types, SelectionParser.RIGHT, "')'");
      addWhere(words, types, SelectionParser.COMMA, "a comma");
      addWhere(words, types, Token.EOF, "the end");
      return words;
    }

    /** Whether the last token read ends a field, so that a comparison could follow. */
    private static boolean endsField(TokenStream tokens) {
      Token last = tokens.index() >= 1 ? tokens.LT(-1) : null;
      if (last == null
          || (last.getType() != SelectionParser.WORD && last.getType() != SelectionParser.QUOTED)) {
        return false;
      }
      Token before = tokens.index() >= 2 ? tokens.LT(-2) : null;
      return before == null || !LITERAL_FOLLOWS.contains(before.getType());
    }

    private static void addWhere(List<String> words, IntervalSet types, int type, String word) {
      if (types.contains(type)) {
        words.add(word);
      }
    }
  }
}
