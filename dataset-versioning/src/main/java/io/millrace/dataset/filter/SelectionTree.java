package io.millrace.dataset.filter;

import io.millrace.dataset.filter.Selection.Operand;
import io.millrace.dataset.filter.SelectionErrors.Place;
import io.millrace.dataset.filter.ValueTest.Operator;
import io.millrace.dataset.filter.grammar.SelectionParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.antlr.v4.runtime.ParserRuleContext;

/**
 * Builds the tree of what the parser accepted, and refuses what has no meaning: fields that do not
 * exist, and literals and operators that do not fit their field.
 */
final class SelectionTree {
  private static final Pattern NUMBER =
      Pattern.compile("([+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(.*)", Pattern.DOTALL);

  private final String expression;

  SelectionTree(String expression) {
    this.expression = expression;
  }

  Selection tree(SelectionParser.SelectionContext selection) {
    return tree(selection.disjunction());
  }

  private Selection tree(SelectionParser.DisjunctionContext disjunction) {
    List<Selection> parts =
        disjunction.conjunction().stream()
            .map(this::tree)
            .flatMap(
                part -> part instanceof Selection.Or or ? or.parts().stream() : Stream.of(part))
            .toList();
    return parts.size() == 1 ? parts.get(0) : new Selection.Or(parts);
  }

  private Selection tree(SelectionParser.ConjunctionContext conjunction) {
    List<Selection> parts =
        conjunction.negation().stream()
            .map(this::tree)
            .flatMap(
                part -> part instanceof Selection.And and ? and.parts().stream() : Stream.of(part))
            .toList();
    return parts.size() == 1 ? parts.get(0) : new Selection.And(parts);
  }

  private Selection tree(SelectionParser.NegationContext negation) {
    return negation instanceof SelectionParser.NotContext not
        ? opposite(tree(not.negation()))
        : tree(((SelectionParser.PlainContext) negation).primary());
  }

  private Selection tree(SelectionParser.PrimaryContext primary) {
    if (primary instanceof SelectionParser.GroupContext group) {
      return tree(group.disjunction());
    }
    if (primary instanceof SelectionParser.ConstantContext constant) {
      return new Selection.Constant(constant.TRUE() != null);
    }
    SelectionParser.TestContext test = (SelectionParser.TestContext) primary;
    Operand operand = operand(test.field());
    return test.condition() == null ? flag(test.field(), operand) : tree(operand, test.condition());
  }

  private Selection tree(Operand operand, SelectionParser.ConditionContext condition) {
    if (condition instanceof SelectionParser.ComparisonContext comparison) {
      return comparison(operand, comparison);
    }
    if (condition instanceof SelectionParser.AbsenceContext absence) {
      Selection absent = new Selection.Absent(operand);
      return absence.NOT() == null ? absent : new Selection.Not(absent);
    }
    SelectionParser.PositiveContext positive = (SelectionParser.PositiveContext) condition;
    Selection test = new Selection.Test(operand, valueTest(operand, positive.valueTest()));
    return positive.NOT() == null ? test : new Selection.Not(test);
  }

  /** Constants and what is negated already lose their {@code not}. */
  private static Selection opposite(Selection selection) {
    if (selection instanceof Selection.Not not) {
      return not.part();
    }
    return selection instanceof Selection.Constant constant
        ? new Selection.Constant(!constant.value())
        : new Selection.Not(selection);
  }

  private Operand operand(SelectionParser.FieldContext field) {
    String first = name(field.name(0));
    String prefix = first.toLowerCase(Locale.ROOT);
    boolean qualified = field.name().size() == 2;
    switch (prefix) {
      case "property", "attribute" -> {
        if (!qualified) {
          throw SelectionErrors.nameMissing(
              place(field), prefix, "property.weather = 'rain' or property.\"time of day\"");
        }
        return new Selection.Property(name(field.name(1)));
      }
      case "metric" -> {
        if (!qualified) {
          throw SelectionErrors.nameMissing(place(field), prefix, "metric.brightness < 60");
        }
        return new Selection.Metric(name(field.name(1)));
      }
      default -> {
        SampleField known =
            SampleField.parse(first)
                .orElseThrow(
                    () ->
                        SelectionErrors.unknownField(
                            place(field.name(0)), first, SampleField.allNames()));
        if (qualified) {
          throw SelectionErrors.notQualified(place(field), known.text());
        }
        return new Selection.Field(known);
      }
    }
  }

  private static String name(SelectionParser.NameContext name) {
    return name.QUOTED() == null ? name.getText() : unquoted(name.getText());
  }

  private Selection flag(SelectionParser.FieldContext field, Operand operand) {
    if (operand instanceof Selection.Property
        || typeOf(operand).filter(type -> type == SampleField.Type.TRUTH).isPresent()) {
      return new Selection.Test(
          operand, new ValueTest.Compared(Operator.EQUAL, new Literal.Truth(true)));
    }
    String name = SelectionText.operand(operand);
    throw SelectionErrors.notTruth(place(field), name, name + " is not null");
  }

  private Selection comparison(Operand operand, SelectionParser.ComparisonContext comparison) {
    SelectionParser.ComparatorContext comparator = comparison.comparator();
    boolean negated = comparator.NOT_EQUAL() != null;
    Operator operator = operator(comparator);
    if (operator != Operator.EQUAL) {
      checkOrdered(operand, place(comparator));
    }
    Literal literal = literal(operand, comparison.literal());
    if (operator != Operator.EQUAL && literal instanceof Literal.Truth) {
      throw SelectionErrors.notOrdered(place(comparator), "true or false");
    }
    Selection test = new Selection.Test(operand, new ValueTest.Compared(operator, literal));
    return negated ? new Selection.Not(test) : test;
  }

  private static Operator operator(SelectionParser.ComparatorContext comparator) {
    if (comparator.LESS() != null) {
      return Operator.LESS;
    }
    if (comparator.AT_MOST() != null) {
      return Operator.AT_MOST;
    }
    if (comparator.GREATER() != null) {
      return Operator.GREATER;
    }
    return comparator.AT_LEAST() != null ? Operator.AT_LEAST : Operator.EQUAL;
  }

  private ValueTest valueTest(Operand operand, SelectionParser.ValueTestContext test) {
    if (test instanceof SelectionParser.MembershipContext membership) {
      List<Literal> literals = new ArrayList<>();
      membership.literal().forEach(each -> literals.add(literal(operand, each)));
      return new ValueTest.OneOf(literals);
    }
    if (test instanceof SelectionParser.PatternContext pattern) {
      return like(operand, pattern.literal());
    }
    return range(operand, (SelectionParser.RangeContext) test);
  }

  private ValueTest like(Operand operand, SelectionParser.LiteralContext literal) {
    String field = SelectionText.operand(operand);
    if (!(operand instanceof Selection.Property)
        && typeOf(operand).filter(type -> type == SampleField.Type.TEXT).isEmpty()) {
      throw SelectionErrors.noPattern(place(literal), field);
    }
    if (literal.TEXT() == null) {
      throw SelectionErrors.wrongLiteral(
          place(literal), field, "a pattern in single quotes, such as 'ca%'");
    }
    String pattern = unquoted(literal.getText());
    if (!LikePattern.isValid(pattern)) {
      throw SelectionErrors.invalidEscape(place(literal));
    }
    return new ValueTest.Like(pattern);
  }

  private ValueTest range(Operand operand, SelectionParser.RangeContext range) {
    checkOrdered(operand, place(range));
    Literal low = literal(operand, range.literal(0));
    Literal high = literal(operand, range.literal(1));
    if (low.getClass() != high.getClass()) {
      throw SelectionErrors.mixedRange(place(range));
    }
    if (low instanceof Literal.Truth) {
      throw SelectionErrors.notOrdered(place(range), "true or false");
    }
    if (low.compare(lastOf(high)).filter(each -> each >= 0).isEmpty()) {
      throw SelectionErrors.emptyRange(place(range));
    }
    return new ValueTest.Between(low, high);
  }

  /** The last value that equals a literal which has an order. */
  private static Object lastOf(Literal literal) {
    if (literal instanceof Literal.Text text) {
      return text.value();
    }
    return literal instanceof Literal.Decimal decimal
        ? (Object) decimal.value()
        : ((Literal.Time) literal).until().minusNanos(1);
  }

  private void checkOrdered(Operand operand, Place place) {
    typeOf(operand)
        .filter(type -> type == SampleField.Type.TRUTH || type == SampleField.Type.SYMBOL)
        .ifPresent(
            type -> {
              throw SelectionErrors.notOrdered(place, SelectionText.operand(operand));
            });
  }

  /** Empty for a property, whose values are of any type. */
  private static Optional<SampleField.Type> typeOf(Operand operand) {
    if (operand instanceof Selection.Field field) {
      return Optional.of(field.field().type());
    }
    return operand instanceof Selection.Metric
        ? Optional.of(SampleField.Type.NUMBER)
        : Optional.empty();
  }

  private Literal literal(Operand operand, SelectionParser.LiteralContext literal) {
    Optional<SampleField.Type> type = typeOf(operand);
    if (type.isEmpty()) {
      return propertyLiteral(operand, literal);
    }
    return switch (type.get()) {
      case TEXT -> new Literal.Text(text(operand, literal));
      case NUMBER -> number(operand, literal);
      case BYTES -> bytes(operand, literal);
      case TRUTH -> truth(operand, literal);
      case TIME -> time(operand, literal);
      case SYMBOL -> symbol(((Selection.Field) operand).field(), literal);
    };
  }

  private Literal propertyLiteral(Operand operand, SelectionParser.LiteralContext literal) {
    if (literal.TEXT() != null) {
      return new Literal.Text(unquoted(literal.getText()));
    }
    if (literal.NUMBER() != null) {
      return number(operand, literal);
    }
    if (literal.WORD() != null) {
      throw wrong(operand, literal, "a text in single quotes, a number, true or false");
    }
    return truth(operand, literal);
  }

  private String text(Operand operand, SelectionParser.LiteralContext literal) {
    if (literal.TEXT() == null) {
      throw wrong(operand, literal, "a text in single quotes: '%s'".formatted(literal.getText()));
    }
    return unquoted(literal.getText());
  }

  private Literal.Decimal number(Operand operand, SelectionParser.LiteralContext literal) {
    Matcher parts = numberParts(operand, literal, "a number");
    if (!parts.group(2).isEmpty()) {
      throw SelectionErrors.unitNotAllowed(place(literal), SelectionText.operand(operand));
    }
    return new Literal.Decimal(finite(literal, Double.parseDouble(parts.group(1))));
  }

  private Literal.Decimal bytes(Operand operand, SelectionParser.LiteralContext literal) {
    Matcher parts = numberParts(operand, literal, "a size such as 25MB or 4096");
    double factor =
        switch (parts.group(2).toUpperCase(Locale.ROOT)) {
          case "", "B" -> 1;
          case "KB", "KIB" -> 0x1p10;
          case "MB", "MIB" -> 0x1p20;
          case "GB", "GIB" -> 0x1p30;
          case "TB", "TIB" -> 0x1p40;
          default -> throw SelectionErrors.unknownUnit(place(literal), parts.group(2));
        };
    return new Literal.Decimal(finite(literal, Double.parseDouble(parts.group(1)) * factor));
  }

  private Matcher numberParts(
      Operand operand, SelectionParser.LiteralContext literal, String expected) {
    Matcher parts = NUMBER.matcher(literal.getText());
    if (literal.NUMBER() == null || !parts.matches()) {
      throw wrong(operand, literal, expected);
    }
    return parts;
  }

  private double finite(SelectionParser.LiteralContext literal, double value) {
    if (!Double.isFinite(value)) {
      throw SelectionErrors.numberTooLarge(place(literal));
    }
    return value;
  }

  private Literal truth(Operand operand, SelectionParser.LiteralContext literal) {
    if (literal.TRUE() == null && literal.FALSE() == null) {
      throw wrong(operand, literal, "true or false");
    }
    return new Literal.Truth(literal.TRUE() != null);
  }

  private Literal time(Operand operand, SelectionParser.LiteralContext literal) {
    if (literal.TEXT() == null) {
      throw wrong(operand, literal, "a date or a time in single quotes, such as '2026-01-31'");
    }
    return Literal.Time.parse(unquoted(literal.getText()))
        .orElseThrow(() -> SelectionErrors.invalidTime(place(literal)));
  }

  private Literal symbol(SampleField field, SelectionParser.LiteralContext literal) {
    if (literal.TEXT() == null && literal.WORD() == null) {
      throw wrong(
          new Selection.Field(field), literal, "one of " + String.join(", ", field.symbols()));
    }
    String given = literal.TEXT() == null ? literal.getText() : unquoted(literal.getText());
    String wanted = given.toUpperCase(Locale.ROOT).replace('-', '_');
    if (!field.symbols().contains(wanted)) {
      throw SelectionErrors.unknownSymbol(place(literal), field.text(), given, field.symbols());
    }
    return new Literal.Symbol(wanted);
  }

  private InvalidSelectionException wrong(
      Operand operand, SelectionParser.LiteralContext literal, String expected) {
    return SelectionErrors.wrongLiteral(place(literal), SelectionText.operand(operand), expected);
  }

  /** Without the quotes around; one that was doubled within is single. */
  private static String unquoted(String text) {
    String quote = text.substring(0, 1);
    return text.substring(1, text.length() - 1).replace(quote + quote, quote);
  }

  private Place place(ParserRuleContext part) {
    return SelectionParsing.place(expression, part.getStart(), part.getStop());
  }
}
