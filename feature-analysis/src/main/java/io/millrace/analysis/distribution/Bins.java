package io.millrace.analysis.distribution;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.Collection;

/**
 * Bins of equal width that several histograms share, so that they can be laid over each other. A
 * bin holds its lower edge and not its upper one; what lies outside of all bins is counted apart.
 *
 * <p>Edges are multiples of 1, 2, 2.5 or 5 times a power of ten, and a width under 1 divides 1. The
 * bins end 4 interquartile ranges outside the middle half at most, so that a few extreme values do
 * not press all others into one bin.
 *
 * @param width above 0; under 1 only such that it divides 1
 * @param count at least 1
 */
public record Bins(double start, double width, int count) {
  private static final int FEWEST = 10;
  private static final int MOST = 36;
  private static final int AROUND_A_CONSTANT = 3;
  private static final double REACH = 4;

  public Bins {
    checkArgument(
        Double.isFinite(start)
            && Double.isFinite(width)
            && (width >= 1 || (width > 0 && Math.abs(Math.rint(1 / width) * width - 1) < 1e-9))
            && count >= 1,
        "Invalid bins: %s of width %s from %s",
        count,
        width,
        start);
  }

  /** Bins for values of which these are the summaries; at least one. */
  public static Bins of(Collection<Summary> summaries) {
    Range range = Range.of(summaries);
    double span = range.high - range.low;
    if (span <= 0) {
      double width = niceStep(Math.max(Math.abs(range.low) / 100, 1e-6));
      return new Bins(
          (Math.floor(range.low / width) - AROUND_A_CONSTANT) * width,
          width,
          2 * AROUND_A_CONSTANT + 1);
    }
    double width = niceStep(span / range.targetBins());
    double first = Math.floor(range.low / width);
    return new Bins(first * width, width, (int) (Math.floor(range.high / width) - first) + 1);
  }

  /** Bins for whole numbers: each is centred on the whole numbers it holds. */
  public static Bins ofCounts(Collection<Summary> summaries) {
    Range range = Range.of(summaries);
    double low = Math.floor(range.low);
    double high = Math.ceil(range.high);
    double width = Math.ceil(niceStep(Math.max(1, (high - low + 1) / MOST)));
    int count = (int) Math.floor((high - low) / width) + 1;
    return new Bins(low - 0.5, width, count);
  }

  /** The lower edge of a bin; of {@code count} the upper edge of the last. */
  public double edge(int index) {
    if (width >= 1) {
      return start + index * width;
    }
    double inverse = Math.rint(1 / width); // 0.1 is not exact, 10 is: so 0.3 is an edge, as written
    return (start * inverse + index) / inverse;
  }

  /** The bin of a value; negative below the first, {@code count} or more above the last. */
  int indexOf(double value) {
    double guess = Math.floor((value - start) / width);
    int index = (int) Math.max(-1, Math.min(count, guess));
    if (index > 0 && index <= count && value < edge(index)) {
      return index - 1;
    }
    return index < count && index >= 0 && value >= edge(index + 1) ? index + 1 : index;
  }

  /** The smallest of 1, 2, 2.5, 5 times a power of ten that is not below the step. */
  private static double niceStep(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    for (double factor : new double[] {1, 2, 2.5, 5}) {
      if (factor * power >= step * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private record Range(double low, double high, long values) {
    static Range of(Collection<Summary> summaries) {
      checkArgument(!summaries.isEmpty(), "Cannot choose bins: there are no values");
      double lower = summaries.stream().mapToDouble(Summary::lowerQuartile).min().orElseThrow();
      double upper = summaries.stream().mapToDouble(Summary::upperQuartile).max().orElseThrow();
      double low = summaries.stream().mapToDouble(Summary::min).min().orElseThrow();
      double high = summaries.stream().mapToDouble(Summary::max).max().orElseThrow();
      double reach = REACH * (upper - lower);
      long values = summaries.stream().mapToLong(Summary::count).max().orElseThrow();
      return reach > 0
          ? new Range(Math.max(low, lower - reach), Math.min(high, upper + reach), values)
          : new Range(low, high, values);
    }

    /** Twice the cube root of the number of values (the Rice rule), within bounds. */
    int targetBins() {
      return (int) Math.max(FEWEST, Math.min(MOST, Math.ceil(2 * Math.cbrt((double) values))));
    }
  }
}
