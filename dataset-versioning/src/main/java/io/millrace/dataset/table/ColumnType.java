package io.millrace.dataset.table;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The type of a column of a table dataset.
 *
 * <table>
 * <caption>Texts that are values of a type; space around them does not count, but for String</caption>
 * <tr><td>String</td><td>every text, as it stands</td></tr>
 * <tr><td>Byte, Short, Int, Long</td><td>an integer of 8, 16, 32 or 64 bits, with or without sign;
 *     leading zeros do not count</td></tr>
 * <tr><td>Float, Double</td><td>a decimal number with or without exponent, {@code NaN}, {@code
 *     Infinity}; a finite number too large for the type is no value</td></tr>
 * <tr><td>Date</td><td>{@code yyyy-MM-dd}, a day that exists in the years 0001 to 9999</td></tr>
 * <tr><td>Timestamp</td><td>{@code yyyy-MM-dd HH:mm:ss}, without time zone; a fraction of a second
 *     of up to six digits may follow after a dot, which ModelArts does not know and other sources
 *     have</td></tr>
 * <tr><td>Boolean</td><td>{@code TRUE} and {@code FALSE} in any case, since programs write {@code
 *     true} and {@code True} as well; nothing else, neither 1 nor yes</td></tr>
 * </table>
 */
public enum ColumnType {
  STRING("String"),
  SHORT("Short"),
  INT("Int"),
  LONG("Long"),
  DOUBLE("Double"),
  FLOAT("Float"),
  BYTE("Byte"),
  DATE("Date"),
  TIMESTAMP("Timestamp"),
  BOOLEAN("Boolean");

  /** What other systems call the types, for hints. */
  private static final Map<String, ColumnType> FOREIGN_NAMES =
      Map.ofEntries(
          Map.entry("integer", INT),
          Map.entry("int32", INT),
          Map.entry("bigint", LONG),
          Map.entry("int64", LONG),
          Map.entry("smallint", SHORT),
          Map.entry("int16", SHORT),
          Map.entry("tinyint", BYTE),
          Map.entry("int8", BYTE),
          Map.entry("text", STRING),
          Map.entry("varchar", STRING),
          Map.entry("char", STRING),
          Map.entry("str", STRING),
          Map.entry("object", STRING),
          Map.entry("category", STRING),
          Map.entry("bool", BOOLEAN),
          Map.entry("real", DOUBLE),
          Map.entry("decimal", DOUBLE),
          Map.entry("numeric", DOUBLE),
          Map.entry("number", DOUBLE),
          Map.entry("float64", DOUBLE),
          Map.entry("float32", FLOAT),
          Map.entry("datetime", TIMESTAMP),
          Map.entry("time", TIMESTAMP));

  private final String text;

  ColumnType(String text) {
    this.text = text;
  }

  /** The type of this name in any case; empty if there is none. */
  public static Optional<ColumnType> of(String name) {
    return Arrays.stream(values()).filter(type -> type.text.equalsIgnoreCase(name)).findFirst();
  }

  /** The type that another system's name of a type most likely means. */
  static Optional<ColumnType> ofForeignName(String name) {
    return Optional.ofNullable(FOREIGN_NAMES.get(name.toLowerCase(java.util.Locale.ROOT)));
  }

  static List<String> names() {
    return Arrays.stream(values()).map(ColumnType::toString).toList();
  }

  /**
   * The value that a text is; empty if it is none of this type.
   *
   * @return a String, Byte, Short, Integer, Long, Float, Double, Boolean, {@link
   *     java.time.LocalDate} or {@link java.time.LocalDateTime}
   */
  public Optional<Object> value(String cell) {
    return switch (this) {
      case STRING -> Optional.of(cell);
      case BYTE -> CellText.integer(cell, Byte.MIN_VALUE, Byte.MAX_VALUE).map(Long::byteValue);
      case SHORT -> CellText.integer(cell, Short.MIN_VALUE, Short.MAX_VALUE).map(Long::shortValue);
      case INT -> CellText.integer(cell, Integer.MIN_VALUE, Integer.MAX_VALUE).map(Long::intValue);
      case LONG -> CellText.integer(cell, Long.MIN_VALUE, Long.MAX_VALUE).map(value -> value);
      case DOUBLE -> CellText.doubleNumber(cell).map(value -> value);
      case FLOAT -> CellText.floatNumber(cell).map(value -> value);
      case DATE -> CellText.date(cell.strip()).map(value -> value);
      case TIMESTAMP -> CellText.exactTimestamp(cell.strip()).map(value -> value);
      case BOOLEAN -> CellText.truth(cell.strip()).map(value -> value);
    };
  }

  /**
   * The text that a value is written as, the one that {@link #value} reads back; only a Date or
   * Timestamp outside the years 0001 to 9999 has a text that it does not read.
   *
   * @param value of a type that {@link #value} returns for this column type
   */
  public String text(Object value) {
    return switch (this) {
      case DATE -> CellText.ofDate((LocalDate) value);
      case TIMESTAMP -> CellText.ofTimestamp((LocalDateTime) value);
      case BOOLEAN -> (boolean) value ? "TRUE" : "FALSE";
      case STRING, SHORT, INT, LONG, DOUBLE, FLOAT, BYTE -> value.toString();
    };
  }

  /** Whether every value of another type is, exactly, a value of this one. */
  public boolean holds(ColumnType other) {
    return this == other
        || switch (this) {
          case SHORT -> other == BYTE;
          case INT -> other == BYTE || other == SHORT;
          case LONG -> other == BYTE || other == SHORT || other == INT;
          case FLOAT -> other == BYTE || other == SHORT;
          case DOUBLE -> other == BYTE || other == SHORT || other == INT || other == FLOAT;
          case STRING, BYTE, DATE, TIMESTAMP, BOOLEAN -> false;
        };
  }

  /** The name as users write it. */
  @Override
  public String toString() {
    return text;
  }
}
