package io.millrace.dataset.table;

import java.io.Serializable;
import java.util.Optional;

/**
 * What the texts of a column were seen to be, and so which type fits all of them. It depends on
 * which texts there are, not on their order or on who saw which.
 *
 * <p>A type is inferred only where its values give the texts back: what looks like a number but has
 * a leading zero ({@code 08123}), a plus sign, or more digits than the type keeps, is a String.
 *
 * @param seen one bit a kind of text; of a column with any other text, that bit alone
 */
public record TypeEvidence(int seen) implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int INT = 1;
  private static final int LONG = 1 << 1;

  /** A Long that a Double cannot hold exactly. */
  private static final int LONG_ONLY = 1 << 2;

  private static final int DECIMAL = 1 << 3;
  private static final int BOOLEAN = 1 << 4;
  private static final int DATE = 1 << 5;
  private static final int TIMESTAMP = 1 << 6;
  private static final int TEXT = 1 << 7;

  private static final long MOST_EXACT_IN_DOUBLE = 1L << 53;

  /** Of a column without values. */
  public static final TypeEvidence NONE = new TypeEvidence(0);

  public TypeEvidence {
    seen = (seen & TEXT) == 0 ? seen : TEXT; // nothing more can change the type
  }

  /** With one more text, which is not empty. */
  public TypeEvidence with(String cell) {
    return seen == TEXT ? this : merge(new TypeEvidence(kind(cell.strip())));
  }

  /** What both have seen. */
  public TypeEvidence merge(TypeEvidence other) {
    return new TypeEvidence(seen | other.seen);
  }

  /** The type that fits all texts; String for a column without values. */
  public ColumnType type() {
    if (isOnly(INT)) {
      return ColumnType.INT;
    }
    if (isOnly(INT | LONG | LONG_ONLY)) {
      return ColumnType.LONG;
    }
    if (isOnly(INT | LONG | DECIMAL)) {
      return ColumnType.DOUBLE;
    }
    return switch (seen) {
      case BOOLEAN -> ColumnType.BOOLEAN;
      case DATE -> ColumnType.DATE;
      case TIMESTAMP -> ColumnType.TIMESTAMP;
      default -> ColumnType.STRING;
    };
  }

  /**
   * Whether two files can be thought to have the same column: one has no values, or both have the
   * same type, or both are numbers, of which the wider type holds the other's values.
   */
  public boolean agreesWith(TypeEvidence other) {
    boolean isEither = seen == 0 || other.seen == 0;
    boolean isNumber = isNumber() && other.isNumber() && merge(other).isNumber();
    return isEither || isNumber || type() == other.type();
  }

  private boolean isNumber() {
    ColumnType type = type();
    return type == ColumnType.INT || type == ColumnType.LONG || type == ColumnType.DOUBLE;
  }

  private boolean isOnly(int kinds) {
    return seen != 0 && (seen & ~kinds) == 0;
  }

  private static int kind(String text) {
    if (text.isEmpty()) {
      return TEXT; // white space, in quotes or not, is a value of a String alone
    }
    char first = text.charAt(0);
    if (first != '+' && CellText.isDecimal(text) && !hasLeadingZero(text)) {
      return CellText.isInteger(text) ? integer(text) : decimal(text);
    }
    if (CellText.truth(text).isPresent()) {
      return BOOLEAN;
    }
    if (CellText.date(text).isPresent()) {
      return DATE;
    }
    return CellText.timestamp(text).isPresent() ? TIMESTAMP : TEXT;
  }

  private static int integer(String text) {
    Optional<Long> value = CellText.integer(text, Long.MIN_VALUE, Long.MAX_VALUE);
    if (value.isEmpty()) {
      return TEXT;
    }
    long number = value.get();
    if (number == (int) number) {
      return INT;
    }
    return number >= -MOST_EXACT_IN_DOUBLE && number <= MOST_EXACT_IN_DOUBLE ? LONG : LONG_ONLY;
  }

  private static int decimal(String text) {
    return CellText.doubleNumber(text).isPresent() ? DECIMAL : TEXT;
  }

  private static boolean hasLeadingZero(String text) {
    int start = text.charAt(0) == '-' ? 1 : 0;
    return text.length() > start + 1
        && text.charAt(start) == '0'
        && Character.isDigit(text.charAt(start + 1));
  }
}
