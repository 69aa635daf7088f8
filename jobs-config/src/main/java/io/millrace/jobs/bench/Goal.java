package io.millrace.jobs.bench;

import java.util.Locale;

/**
 * What a figure should reach at full size.
 *
 * @param bound whether the limit is the least or the most
 */
record Goal(Bound bound, double limit) {
  enum Bound {
    AT_LEAST(">="),
    AT_MOST("<=");

    private final String sign;

    Bound(String sign) {
      this.sign = sign;
    }
  }

  static Goal atLeast(double limit) {
    return new Goal(Bound.AT_LEAST, limit);
  }

  static Goal atMost(double limit) {
    return new Goal(Bound.AT_MOST, limit);
  }

  boolean isMet(double value) {
    return switch (bound) {
      case AT_LEAST -> value >= limit;
      case AT_MOST -> value <= limit;
    };
  }

  /** Such as {@code >= 8.00}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.2f", bound.sign, limit);
  }
}
