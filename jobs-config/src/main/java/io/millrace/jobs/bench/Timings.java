package io.millrace.jobs.bench;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.List;
import java.util.Locale;

/** How long the rounds of one contestant took, in seconds, in the order they ran. */
record Timings(List<Double> seconds) {
  Timings {
    checkArgument(!seconds.isEmpty(), "Invalid timings: there are none");
    seconds = List.copyOf(seconds);
  }

  /** The middle one; of an even number the mean of the two in the middle. */
  double median() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * How far the rounds lie apart, as a share of the median: the width of their middle half, so that
   * one outlier says nothing.
   */
  double spread() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int quarter = sorted.size() / 4;
    return (sorted.get(sorted.size() - 1 - quarter) - sorted.get(quarter)) / median();
  }

  /** Such as {@code 0.284 s (0.280 to 0.301)}: the median, the fastest and the slowest. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.3f s (%.3f to %.3f)",
        median(),
        seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
  }
}
