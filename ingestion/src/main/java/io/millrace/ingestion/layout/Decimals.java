package io.millrace.ingestion.layout;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decimal numbers of annotation files, calculated with exactly, so that a pixel is the same one
 * after writing and reading it again.
 */
final class Decimals {
  // Bounded, so that no number takes more than some hundred digits to calculate with.
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]{1,40}(\\.[0-9]{0,80})?|\\.[0-9]{1,80})([eE][+-]?[0-9]{1,2})?");

  private Decimals() {}

  /** The number that a text spells; empty for anything else and for a needlessly long one. */
  static Optional<BigDecimal> parse(String text) {
    return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
  }
}
