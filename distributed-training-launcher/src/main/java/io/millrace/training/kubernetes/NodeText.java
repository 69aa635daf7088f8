package io.millrace.training.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text that differs from node to node, written once as a word of bash in which {@code $node} is
 * the node's number and {@code $hosts} holds the nodes' addresses.
 *
 * <p>Numbers and addresses in it that grow evenly with the node's number become arithmetic; a text
 * that follows no such rule is listed for every node.
 */
final class NodeText {
  private final HostMarks marks;
  private final String allHosts;
  private final Pattern tokens;

  NodeText(HostMarks marks) {
    this.marks = marks;
    this.allHosts = marks.joined();
    this.tokens =
        Pattern.compile(
            "(?<host>"
                + Pattern.quote(marks.prefix())
                + "(?<node>\\d+)>)|(?<number>0|[1-9]\\d{0,8})"
                + "|(?<text>\\D)",
            Pattern.DOTALL);
  }

  private enum Kind {
    TEXT,
    NUMBER,
    HOST,
    ALL_HOSTS
  }

  private record Token(Kind kind, String text, long number) {}

  /** Whether a text is the same on all nodes, whatever their addresses. */
  boolean isConstant(List<String> values) {
    return values.stream().distinct().count() == 1 && !values.get(0).contains(marks.prefix());
  }

  /**
   * The word.
   *
   * @param nodes numbers of the nodes that it is for
   * @param values the text on each of them
   */
  String word(List<Integer> nodes, List<String> values) {
    if (isConstant(values)) {
      return quoted(values.get(0));
    }
    List<List<Token>> parsed = values.stream().map(this::parse).toList();
    int length = parsed.get(0).size();
    if (parsed.stream().anyMatch(each -> each.size() != length)) {
      return listed(nodes, parsed);
    }
    StringBuilder word = new StringBuilder();
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int place = i;
      List<Token> column = parsed.stream().map(each -> each.get(place)).toList();
      Token first = column.get(0);
      if (column.stream().allMatch(first::equals) && isLiteral(first)) {
        literal.append(first.text());
        continue;
      }
      String part = varying(nodes, column);
      if (part.isEmpty()) {
        return listed(nodes, parsed);
      }
      word.append(flushed(literal)).append(part);
    }
    return word.append(flushed(literal)).toString();
  }

  private static boolean isLiteral(Token token) {
    return token.kind() == Kind.TEXT || token.kind() == Kind.NUMBER;
  }

  /** Empty text if the column follows no rule. */
  private static String varying(List<Integer> nodes, List<Token> column) {
    Token first = column.get(0);
    if (column.stream().anyMatch(each -> each.kind() != first.kind())) {
      return "";
    }
    if (first.kind() == Kind.ALL_HOSTS) {
      return "\"$VC_WORKER_HOSTS\"";
    }
    if (first.kind() == Kind.TEXT) {
      return "";
    }
    long step =
        column.size() == 1
            ? 0
            : (column.get(1).number() - first.number()) / (nodes.get(1) - nodes.get(0));
    long offset = first.number() - step * nodes.get(0);
    for (int i = 0; i < column.size(); i++) {
      if (column.get(i).number() != step * nodes.get(i) + offset) {
        return "";
      }
    }
    return first.kind() == Kind.HOST
        ? "\"${hosts[%s]}\"".formatted(formula(step, offset))
        : step == 1 && offset == 0 ? "\"$node\"" : "\"$((%s))\"".formatted(formula(step, offset));
  }

  private static String formula(long step, long offset) {
    if (step == 0) {
      return Long.toString(offset);
    }
    String product = step == 1 ? "node" : "node * " + step;
    return offset == 0 ? product : product + (offset < 0 ? " - " : " + ") + Math.abs(offset);
  }

  private static String listed(List<Integer> nodes, List<List<Token>> parsed) {
    StringBuilder word = new StringBuilder("\"$(case $node in ");
    for (int i = 0; i < nodes.size(); i++) {
      String value =
          parsed.get(i).stream()
              .map(
                  token ->
                      switch (token.kind()) {
                        case TEXT, NUMBER -> quoted(token.text());
                        case HOST -> "\"${hosts[%d]}\"".formatted(token.number());
                        case ALL_HOSTS -> "\"$VC_WORKER_HOSTS\"";
                      })
              .collect(Collectors.joining());
      word.append("(").append(nodes.get(i)).append(") printf %s ").append(value).append(";; ");
    }
    return word.append("esac)\"").toString();
  }

  private List<Token> parse(String value) {
    List<Token> parsed = new ArrayList<>();
    int begin = 0;
    for (int at = value.indexOf(allHosts); at >= 0; at = value.indexOf(allHosts, begin)) {
      parse(value.substring(begin, at), parsed);
      parsed.add(new Token(Kind.ALL_HOSTS, "", 0));
      begin = at + allHosts.length();
    }
    parse(value.substring(begin), parsed);
    return parsed;
  }

  private void parse(String value, List<Token> parsed) {
    Matcher matcher = tokens.matcher(value);
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      if (matcher.group("text") != null) {
        text.append(matcher.group());
        continue;
      }
      addText(parsed, text);
      parsed.add(
          matcher.group("host") != null
              ? new Token(Kind.HOST, "", Long.parseLong(matcher.group("node")))
              : new Token(Kind.NUMBER, matcher.group(), Long.parseLong(matcher.group())));
    }
    addText(parsed, text);
  }

  private static void addText(List<Token> parsed, StringBuilder text) {
    if (!text.isEmpty()) {
      parsed.add(new Token(Kind.TEXT, text.toString(), 0));
      text.setLength(0);
    }
  }

  private static String flushed(StringBuilder literal) {
    if (literal.isEmpty()) {
      return "";
    }
    String word = quoted(literal.toString());
    literal.setLength(0);
    return word;
  }

  /** A word of the shell that means that text. */
  static String quoted(String text) {
    return !text.isEmpty() && text.matches("[A-Za-z0-9_@%+=:,./-]+")
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }
}
