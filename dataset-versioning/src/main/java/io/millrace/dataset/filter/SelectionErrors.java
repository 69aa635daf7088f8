package io.millrace.dataset.filter;

import io.millrace.dataset.naming.NearestName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Every way in which a selection can be wrong, in the words of the user. */
final class SelectionErrors {
  /** Characters shown on each side of the fault. */
  private static final int SHOWN = 60;

  private static final int SHOWN_OF_TOKEN = 40;

  private SelectionErrors() {}

  /** A stretch of the expression, in code points; {@code end} is exclusive. */
  record Place(String expression, int start, int end) {}

  static InvalidSelectionException empty() {
    return at(
        new Place("", 0, 0), "it is empty", "a condition such as label = 'cat' or width >= 640");
  }

  static InvalidSelectionException tooLong(String expression, int limit) {
    return new InvalidSelectionException(
        "Invalid selection: %s characters (expected at most %s). Select by a property or a label instead of a list of names."
            .formatted(expression.length(), limit),
        0);
  }

  static InvalidSelectionException tooDeep(Place place, int limit) {
    return at(
        place,
        "more than %s parentheses and 'not' within each other".formatted(limit),
        "fewer of them; a long chain of 'and' or 'or' needs none");
  }

  static InvalidSelectionException brokenText(int position) {
    return new InvalidSelectionException(
        "Invalid selection: its character %s is half of a surrogate pair, which no text can hold (expected whole characters)."
            .formatted(position + 1),
        position);
  }

  static InvalidSelectionException unexpected(Place place, List<String> expected) {
    return at(
        place,
        place.start() >= length(place.expression())
            ? "it ends too early"
            : "unexpected %s".formatted(quoted(place)),
        alternatives(expected));
  }

  static InvalidSelectionException unclosed(Place place, String what) {
    return at(place, "this %s is not closed".formatted(what), "its end, the same quote again");
  }

  static InvalidSelectionException unknownField(
      Place place, String name, Collection<String> known) {
    Optional<String> near = NearestName.of(name.replace('_', '-'), known);
    return at(
        place,
        "unknown field %s%s"
            .formatted(
                quoted(place),
                near.map(field -> " (did you mean %s?)".formatted(field)).orElse("")),
        "one of %s, property.NAME, metric.NAME".formatted(String.join(", ", known)));
  }

  static InvalidSelectionException nameMissing(Place place, String prefix, String example) {
    return at(place, "%s of which name".formatted(prefix), "such as %s".formatted(example));
  }

  static InvalidSelectionException notQualified(Place place, String name) {
    return at(
        place,
        "%s has no parts".formatted(name),
        "property.NAME, metric.NAME, or a field without a dot");
  }

  static InvalidSelectionException wrongLiteral(Place place, String field, String expected) {
    return at(place, "%s cannot be compared with %s".formatted(field, quoted(place)), expected);
  }

  static InvalidSelectionException unknownSymbol(
      Place place, String field, String given, List<String> known) {
    return at(
        place,
        "%s is never %s%s"
            .formatted(
                field,
                quoted(place),
                NearestName.of(given.replace('-', '_'), known)
                    .map(near -> " (did you mean %s?)".formatted(near))
                    .orElse("")),
        "one of %s".formatted(String.join(", ", known)));
  }

  static InvalidSelectionException unknownUnit(Place place, String unit) {
    return at(place, "unknown unit '%s'".formatted(unit), "B, KB, MB, GB, TB (1 KB is 1024 bytes)");
  }

  static InvalidSelectionException unitNotAllowed(Place place, String field) {
    return at(place, "%s has no unit".formatted(field), "a plain number; only size takes a unit");
  }

  static InvalidSelectionException numberTooLarge(Place place) {
    return at(place, "the number is too large", "a number up to 1e308");
  }

  static InvalidSelectionException invalidTime(Place place) {
    return at(
        place,
        "%s is no date and no time".formatted(quoted(place)),
        "'2026-01-31', '2026-01-31 09:30', '2026-01-31 09:30:00' (UTC) or '2026-01-31T09:30:00+08:00'");
  }

  static InvalidSelectionException invalidEscape(Place place) {
    return at(
        place,
        "the pattern has a \\ before an ordinary character",
        "\\%, \\_ or \\\\; % stands for any characters, _ for one");
  }

  static InvalidSelectionException notOrdered(Place place, String field) {
    return at(place, "%s has no order".formatted(field), "= or != or in");
  }

  static InvalidSelectionException noPattern(Place place, String field) {
    return at(place, "%s is no text".formatted(field), "= or a comparison; like is for texts");
  }

  static InvalidSelectionException emptyRange(Place place) {
    return at(place, "no value is between these", "the lower end first");
  }

  static InvalidSelectionException mixedRange(Place place) {
    return at(place, "the two ends are of different types", "two texts or two numbers");
  }

  static InvalidSelectionException notTruth(Place place, String field, String example) {
    return at(
        place,
        "%s alone is neither true nor false".formatted(field),
        "a comparison, such as %s".formatted(example));
  }

  private static InvalidSelectionException at(Place place, String fault, String expected) {
    int total = length(place.expression());
    int start = Math.min(place.start(), total);
    int from = Math.max(0, start - SHOWN);
    int to = Math.min(total, start + SHOWN);
    int carets = Math.max(1, Math.min(place.end(), to) - start);
    String before = from > 0 ? "..." : "";
    String shown = part(place.expression(), from, to).replaceAll("\\p{Cntrl}", " ");
    String after = to < total ? "..." : "";
    return new InvalidSelectionException(
        "Invalid selection: %s (expected %s)\n  %s%s%s\n  %s%s"
            .formatted(
                fault,
                expected,
                before,
                shown,
                after,
                " ".repeat(before.length() + start - from),
                "^".repeat(carets)),
        start);
  }

  private static String quoted(Place place) {
    String text = part(place.expression(), place.start(), place.end());
    String shown =
        length(text) <= SHOWN_OF_TOKEN ? text : part(text, 0, SHOWN_OF_TOKEN).concat("...");
    String plain = shown.replaceAll("\\p{Cntrl}", " ");
    return plain.startsWith("'") ? plain : "'%s'".formatted(plain);
  }

  private static String alternatives(List<String> expected) {
    int last = expected.size() - 1;
    return last <= 0
        ? String.join("", expected)
        : String.join(", ", expected.subList(0, last)) + " or " + expected.get(last);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String part(String text, int from, int to) {
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }
}
