package io.millrace.dataset.filter;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A value that a selection names. */
public sealed interface Literal extends Serializable {

  /**
   * How a value stands to this: below 0, 0 or above 0; empty where they cannot be compared.
   *
   * <p>Texts are compared by code points. A property's number or boolean is compared with a text by
   * its own text, and a property's text with a number or a boolean where it reads as one.
   */
  Optional<Integer> compare(Object value);

  record Text(String value) implements Literal {
    public Text {
      requireNonNull(value, "value is null");
    }

    @Override
    public Optional<Integer> compare(Object other) {
      return other instanceof String || other instanceof Number || other instanceof Boolean
          ? Optional.of(compareCodePoints(other.toString(), value))
          : Optional.empty();
    }

    private static int compareCodePoints(String left, String right) {
      int shorter = Math.min(left.length(), right.length());
      for (int i = 0; i < shorter; i++) {
        char a = left.charAt(i);
        char b = right.charAt(i);
        if (a != b) {
          return Character.isSurrogate(a) == Character.isSurrogate(b)
              ? Character.compare(a, b)
              : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
        }
      }
      return Integer.compare(left.length(), right.length());
    }
  }

  /** A finite number; a size is its bytes. */
  record Decimal(double value) implements Literal {
    private static final Pattern NUMBER =
        Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    public Decimal {
      checkArgument(Double.isFinite(value), "Invalid number: %s (expected a finite number)", value);
      value = value + 0.0; // -0.0 is 0
    }

    @Override
    public Optional<Integer> compare(Object other) {
      if (other instanceof Number number) {
        return compareDouble(number.doubleValue());
      }
      return other instanceof String text && NUMBER.matcher(text).matches()
          ? compareDouble(Double.parseDouble(text))
          : Optional.empty();
    }

    private Optional<Integer> compareDouble(double other) {
      return Double.isNaN(other)
          ? Optional.empty()
          : Optional.of(Double.compare(other + 0.0, value));
    }
  }

  record Truth(boolean value) implements Literal {
    @Override
    public Optional<Integer> compare(Object other) {
      if (other instanceof Boolean truth) {
        return Optional.of(Boolean.compare(truth, value));
      }
      return other instanceof String text
              && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))
          ? Optional.of(Boolean.compare(Boolean.parseBoolean(text), value))
          : Optional.empty();
    }
  }

  /**
   * One of the words of a kind, a usage or a label task type.
   *
   * @param value the name of the enum's constant
   */
  record Symbol(String value) implements Literal {
    public Symbol {
      requireNonNull(value, "value is null");
    }

    @Override
    public Optional<Integer> compare(Object other) {
      return other instanceof String text ? Optional.of(text.compareTo(value)) : Optional.empty();
    }
  }

  /**
   * A stretch of time, as long as it is precise: a date is its whole day in UTC, a time its minute,
   * its second or its microsecond. A value within it equals it.
   *
   * @param from the first instant
   * @param precision days, minutes, seconds or microseconds
   */
  record Time(Instant from, ChronoUnit precision) implements Literal {
    private static final DateTimeFormatter DATE = formatter("uuuu-MM-dd");
    private static final DateTimeFormatter MINUTE = formatter("uuuu-MM-dd HH:mm");
    private static final DateTimeFormatter SECOND = formatter("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter MICROS =
        new DateTimeFormatterBuilder()
            .append(SECOND)
            .appendFraction(ChronoField.MICRO_OF_SECOND, 1, 6, true)
            .toFormatter(Locale.ROOT);
    private static final Pattern FORM =
        Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(\\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?)?");

    public Time {
      requireNonNull(from, "from is null");
      requireNonNull(precision, "precision is null");
    }

    /** The first instant after it. */
    public Instant until() {
      return from.plus(precision.getDuration());
    }

    @Override
    public Optional<Integer> compare(Object other) {
      if (!(other instanceof Instant instant)) {
        return Optional.empty();
      }
      return Optional.of(instant.isBefore(from) ? -1 : instant.isBefore(until()) ? 0 : 1);
    }

    /** Reads a date or a time, UTC unless an offset follows; empty for any other text. */
    static Optional<Time> parse(String text) {
      var parts = FORM.matcher(text.strip());
      if (!parts.matches() || (parts.group(3) == null && parts.group(4) != null)) {
        return Optional.empty();
      }
      try {
        if (parts.group(2) == null) {
          LocalDate date = LocalDate.parse(parts.group(1), DATE);
          return Optional.of(
              new Time(date.atStartOfDay().toInstant(ZoneOffset.UTC), ChronoUnit.DAYS));
        }
        String clock = parts.group(1) + "T" + parts.group(2) + orEmpty(parts.group(3));
        String offset = parts.group(5) == null ? "Z" : parts.group(5);
        Instant from = OffsetDateTime.parse(clock + orEmpty(parts.group(4)) + offset).toInstant();
        ChronoUnit precision =
            parts.group(4) != null
                ? ChronoUnit.MICROS
                : parts.group(3) != null ? ChronoUnit.SECONDS : ChronoUnit.MINUTES;
        return inFourDigitYears(from) ? Optional.of(new Time(from, precision)) : Optional.empty();
      } catch (DateTimeParseException e) {
        return Optional.empty(); // such as a 30th of February
      }
    }

    /** In UTC, as {@link #parse} reads it. */
    String text() {
      DateTimeFormatter form =
          switch (precision) {
            case DAYS -> DATE;
            case MINUTES -> MINUTE;
            case SECONDS -> SECOND;
            default -> MICROS;
          };
      return form.format(LocalDateTime.ofInstant(from, ZoneOffset.UTC));
    }

    /** An offset can lead out of the years that four digits write. */
    private static boolean inFourDigitYears(Instant instant) {
      int year = instant.atOffset(ZoneOffset.UTC).getYear();
      return year >= 0 && year <= 9999;
    }

    private static String orEmpty(String group) {
      return group == null ? "" : group;
    }

    private static DateTimeFormatter formatter(String pattern) {
      return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);
    }
  }
}
