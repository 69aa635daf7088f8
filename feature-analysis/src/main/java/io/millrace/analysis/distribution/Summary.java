package io.millrace.analysis.distribution;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.Arrays;

/**
 * The usual figures of a set of values.
 *
 * <p>Quartiles are interpolated linearly between the two nearest values (Hyndman and Fan's type 7,
 * the default of R and NumPy). Outliers lie more than 1.5 interquartile ranges outside the middle
 * half (Tukey's fences).
 *
 * @param count at least 1
 * @param deviation population standard deviation
 */
public record Summary(
    long count,
    double min,
    double lowerQuartile,
    double median,
    double upperQuartile,
    double max,
    double mean,
    double deviation,
    long lowOutliers,
    long highOutliers) {
  private static final double FENCE = 1.5;

  public Summary {
    checkArgument(count >= 1, "Invalid summary: of %s values (expected at least 1)", count);
  }

  /** The summary of at least one value, in any order. */
  public static Summary of(double[] values) {
    checkArgument(values.length >= 1, "Cannot summarise values: there are none");
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double lower = quantile(sorted, 0.25);
    double upper = quantile(sorted, 0.75);
    double reach = FENCE * (upper - lower);
    double mean = mean(sorted);
    return new Summary(
        sorted.length,
        sorted[0],
        lower,
        quantile(sorted, 0.5),
        upper,
        sorted[sorted.length - 1],
        mean,
        deviation(sorted, mean),
        countBelow(sorted, lower - reach),
        countAbove(sorted, upper + reach));
  }

  /** Values below are outliers. */
  public double lowerFence() {
    return lowerQuartile - FENCE * interquartileRange();
  }

  /** Values above are outliers. */
  public double upperFence() {
    return upperQuartile + FENCE * interquartileRange();
  }

  public double interquartileRange() {
    return upperQuartile - lowerQuartile;
  }

  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    double fraction = position - below;
    return fraction == 0
        ? sorted[below]
        : sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return Math.max(values[0], Math.min(values[values.length - 1], sum / values.length));
  }

  private static double deviation(double[] values, double mean) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / values.length);
  }

  private static long countBelow(double[] sorted, double fence) {
    return Arrays.stream(sorted).takeWhile(value -> value < fence).count();
  }

  private static long countAbove(double[] sorted, double fence) {
    return Arrays.stream(sorted).filter(value -> value > fence).count();
  }
}
