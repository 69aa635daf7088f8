package io.millrace.dataset.filter;

import io.millrace.dataset.filter.Selection.Absent;
import io.millrace.dataset.filter.Selection.And;
import io.millrace.dataset.filter.Selection.Constant;
import io.millrace.dataset.filter.Selection.Not;
import io.millrace.dataset.filter.Selection.Operand;
import io.millrace.dataset.filter.Selection.Or;
import io.millrace.dataset.filter.Selection.Test;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The one text of a tree, with as few parentheses as can be; parsed, it gives the tree again. */
final class SelectionText {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "not", "in", "like", "between", "is", "null", "true", "false");
  private static final double EXACT_INTEGERS = 1L << 53;

  private SelectionText() {}

  static String of(Selection selection) {
    if (selection instanceof Constant constant) {
      return Boolean.toString(constant.value());
    }
    if (selection instanceof Or or) {
      return or.parts().stream().map(SelectionText::of).collect(Collectors.joining(" or "));
    }
    if (selection instanceof And and) {
      return and.parts().stream()
          .map(part -> part instanceof Or ? "(" + of(part) + ")" : of(part))
          .collect(Collectors.joining(" and "));
    }
    if (selection instanceof Not not) {
      return negation(not.part());
    }
    if (selection instanceof Absent absent) {
      return operand(absent.operand()) + " is null";
    }
    if (selection instanceof Test test) {
      return operand(test.operand()) + test(test.test(), "");
    }
    throw new IllegalStateException("No text for " + selection.getClass().getName());
  }

  static String operand(Operand operand) {
    if (operand instanceof Selection.Field field) {
      return field.field().text();
    }
    if (operand instanceof Selection.Property property) {
      return "property." + name(property.name());
    }
    if (operand instanceof Selection.Metric metric) {
      return "metric." + name(metric.name());
    }
    throw new IllegalStateException("No text for " + operand.getClass().getName());
  }

  private static String negation(Selection part) {
    if (part instanceof Absent absent) {
      return operand(absent.operand()) + " is not null";
    }
    if (part instanceof Test test && isEquality(test.test())) {
      ValueTest.Compared compared = (ValueTest.Compared) test.test();
      return operand(test.operand()) + " != " + literal(compared.literal());
    }
    if (part instanceof Test test && !(test.test() instanceof ValueTest.Compared)) {
      return operand(test.operand()) + test(test.test(), " not");
    }
    return part instanceof And || part instanceof Or ? "not (" + of(part) + ")" : "not " + of(part);
  }

  private static boolean isEquality(ValueTest test) {
    return test instanceof ValueTest.Compared compared
        && compared.operator() == ValueTest.Operator.EQUAL;
  }

  private static String test(ValueTest test, String not) {
    if (test instanceof ValueTest.Compared compared) {
      return " " + compared.operator().text() + " " + literal(compared.literal());
    }
    if (test instanceof ValueTest.OneOf oneOf) {
      return not + " in (" + literals(oneOf.literals()) + ")";
    }
    if (test instanceof ValueTest.Between range) {
      return not + " between " + literal(range.low()) + " and " + literal(range.high());
    }
    if (test instanceof ValueTest.Like like) {
      return not + " like " + inQuotes(like.pattern(), "'");
    }
    throw new IllegalStateException("No text for " + test.getClass().getName());
  }

  private static String literals(List<Literal> literals) {
    return literals.stream().map(SelectionText::literal).collect(Collectors.joining(", "));
  }

  private static String literal(Literal literal) {
    if (literal instanceof Literal.Text text) {
      return inQuotes(text.value(), "'");
    }
    if (literal instanceof Literal.Decimal decimal) {
      return number(decimal.value());
    }
    if (literal instanceof Literal.Truth truth) {
      return Boolean.toString(truth.value());
    }
    if (literal instanceof Literal.Symbol symbol) {
      return symbol.value();
    }
    if (literal instanceof Literal.Time time) {
      return inQuotes(time.text(), "'");
    }
    throw new IllegalStateException("No text for " + literal.getClass().getName());
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) <= EXACT_INTEGERS
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String name(String name) {
    return PLAIN_NAME.matcher(name).matches() && !KEYWORDS.contains(name.toLowerCase(Locale.ROOT))
        ? name
        : inQuotes(name, "\"");
  }

  private static String inQuotes(String text, String quote) {
    return quote + text.replace(quote, quote + quote) + quote;
  }
}
