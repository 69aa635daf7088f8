package io.millrace.analysis.distribution;

import java.util.Arrays;
import java.util.List;

/**
 * How many values fall into each bin.
 *
 * @param below values under the first bin
 * @param counts one for each bin
 * @param above values over the last bin
 */
public record Histogram(long below, List<Long> counts, long above) {
  public Histogram {
    counts = List.copyOf(counts);
  }

  public static Histogram of(double[] values, Bins bins) {
    long[] counts = new long[bins.count()];
    long below = 0;
    long above = 0;
    for (double value : values) {
      int index = bins.indexOf(value);
      if (index < 0) {
        below++;
      } else if (index >= bins.count()) {
        above++;
      } else {
        counts[index]++;
      }
    }
    return new Histogram(below, Arrays.stream(counts).boxed().toList(), above);
  }

  /** All values, those outside of the bins too. */
  public long total() {
    return below + above + counts.stream().mapToLong(Long::longValue).sum();
  }
}
