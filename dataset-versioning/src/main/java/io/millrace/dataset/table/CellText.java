package io.millrace.dataset.table;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the text of a cell says, read without a format object or an exception a cell. */
final class CellText {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?");
  private static final int DATE_LENGTH = "yyyy-MM-dd".length();
  private static final int TIMESTAMP_LENGTH = "yyyy-MM-dd HH:mm:ss".length();
  private static final int MOST_DIGITS_OF_A_LONG = 19;
  private static final int FRACTION_DIGITS = 6;
  private static final int NANOS_OF_A_MICRO = 1000;
  private static final int[] POWERS_OF_TEN = {1, 10, 100, 1000, 10_000, 100_000};

  private CellText() {}

  /** An integer within bounds; space around it and leading zeros do not count. */
  static Optional<Long> integer(String cell, long least, long most) {
    String text = cell.strip();
    if (!isInteger(text)) {
      return Optional.empty();
    }
    String digits = withoutLeadingZeros(text);
    if (digits.length() > MOST_DIGITS_OF_A_LONG) {
      return Optional.empty();
    }
    try {
      long value = Long.parseLong(text.charAt(0) == '-' ? "-" + digits : digits);
      return value >= least && value <= most ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) { // 19 digits may be more than a Long holds
      return Optional.empty();
    }
  }

  static Optional<Double> doubleNumber(String cell) {
    String text = cell.strip();
    if (isNotFinite(text)) {
      return Optional.of(Double.valueOf(text));
    }
    return Optional.of(text)
        .filter(CellText::isDecimal)
        .map(Double::valueOf)
        .filter(value -> !value.isInfinite());
  }

  static Optional<Float> floatNumber(String cell) {
    String text = cell.strip();
    if (isNotFinite(text)) {
      return Optional.of(Float.valueOf(text));
    }
    return Optional.of(text)
        .filter(CellText::isDecimal)
        .map(Float::valueOf)
        .filter(value -> !value.isInfinite());
  }

  static Optional<Boolean> truth(String text) {
    if (text.equalsIgnoreCase("true")) {
      return Optional.of(true);
    }
    return text.equalsIgnoreCase("false") ? Optional.of(false) : Optional.empty();
  }

  static Optional<LocalDate> date(String text) {
    return text.length() == DATE_LENGTH ? dateAtStart(text) : Optional.empty();
  }

  static Optional<LocalDateTime> timestamp(String text) {
    if (text.length() != TIMESTAMP_LENGTH
        || text.charAt(10) != ' '
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return Optional.empty();
    }
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    boolean isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
    return isTime && second >= 0 && second < 60
        ? dateAtStart(text).map(date -> date.atTime(hour, minute, second))
        : Optional.empty();
  }

  /** A timestamp that may end in a fraction of a second, of up to six digits. */
  static Optional<LocalDateTime> exactTimestamp(String text) {
    int digits = text.length() - TIMESTAMP_LENGTH - 1;
    if (digits < 1 || digits > FRACTION_DIGITS || text.charAt(TIMESTAMP_LENGTH) != '.') {
      return timestamp(text);
    }
    int fraction = number(text, TIMESTAMP_LENGTH + 1, text.length());
    int micros = fraction * POWERS_OF_TEN[FRACTION_DIGITS - digits];
    return fraction < 0
        ? Optional.empty()
        : timestamp(text.substring(0, TIMESTAMP_LENGTH))
            .map(time -> time.withNano(micros * NANOS_OF_A_MICRO));
  }

  static String ofDate(LocalDate date) {
    return date.toString();
  }

  /** Without fraction where there is none. */
  static String ofTimestamp(LocalDateTime time) {
    String text =
        "%s %02d:%02d:%02d"
            .formatted(time.toLocalDate(), time.getHour(), time.getMinute(), time.getSecond());
    int micros = time.getNano() / NANOS_OF_A_MICRO;
    return micros == 0 ? text : text + ".%06d".formatted(micros).replaceFirst("0+$", "");
  }

  static boolean isDecimal(String text) {
    return DECIMAL.matcher(text).matches();
  }

  static boolean isInteger(String text) {
    int start = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    return start < text.length() && allDigits(text, start, text.length());
  }

  private static boolean isNotFinite(String text) {
    return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
  }

  private static String withoutLeadingZeros(String integer) {
    int start = Character.isDigit(integer.charAt(0)) ? 0 : 1;
    while (start < integer.length() - 1 && integer.charAt(start) == '0') {
      start++;
    }
    return integer.substring(start);
  }

  private static Optional<LocalDate> dateAtStart(String text) {
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    if (year < 1 || month < 1 || day < 1 || text.charAt(4) != '-' || text.charAt(7) != '-') {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.of(year, month, day));
    } catch (DateTimeException e) { // such as the 30th of February
      return Optional.empty();
    }
  }

  /** The number that digits make; -1 if there is anything else among them. */
  private static int number(String text, int from, int to) {
    return allDigits(text, from, to) ? Integer.parseInt(text, from, to, 10) : -1;
  }

  private static boolean allDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
