package io.millrace.jobs.bench;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.Locale;

/**
 * What a figure should reach at full size.
 *
 * @param least minus infinity if there is no such bound
 * @param most infinity if there is no such bound
 */
record Goal(double least, double most) {
  /** Of a figure that is told for information. */
  static final Goal NONE = new Goal(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  Goal {
    checkArgument(least <= most, "Invalid goal: %s to %s (expected the lesser first)", least, most);
  }

  static Goal atLeast(double limit) {
    return new Goal(limit, Double.POSITIVE_INFINITY);
  }

  static Goal atMost(double limit) {
    return new Goal(Double.NEGATIVE_INFINITY, limit);
  }

  static Goal between(double least, double most) {
    return new Goal(least, most);
  }

  boolean isMet(double value) {
    return value >= least && value <= most;
  }

  /** Such as {@code >= 8.00}, {@code 0.98 to 1.02} or {@code none}. */
  @Override
  public String toString() {
    if (equals(NONE)) {
      return "none";
    }
    if (Double.isInfinite(most)) {
      return String.format(Locale.ROOT, ">= %.2f", least);
    }
    return Double.isInfinite(least)
        ? String.format(Locale.ROOT, "<= %.2f", most)
        : String.format(Locale.ROOT, "%.2f to %.2f", least, most);
  }
}
