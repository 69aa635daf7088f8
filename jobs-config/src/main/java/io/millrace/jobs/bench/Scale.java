package io.millrace.jobs.bench;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One task at growing sizes in one process: how long each took, and how much heap it used. */
record Scale(List<Step> steps) {
  /**
   * @param peakBytes the most heap in use right after a collection
   */
  record Step(long samples, double seconds, long peakBytes) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%d in %.1f s with %d MB", samples, seconds, peakBytes >> 20);
    }
  }

  Scale {
    checkArgument(steps.size() >= 2, "Invalid steps: %s (expected at least 2)", steps.size());
    steps = List.copyOf(steps);
  }

  /**
   * The exponent of growth: b in seconds = a * samples ^ b, by least squares of the logarithms. 1
   * is linear, 2 is quadratic.
   */
  double exponent() {
    double meanX =
        steps.stream().mapToDouble(step -> Math.log((double) step.samples)).average().orElse(0);
    double meanY = steps.stream().mapToDouble(step -> Math.log(step.seconds)).average().orElse(0);
    double products = 0;
    double squares = 0;
    for (Step step : steps) {
      double x = Math.log((double) step.samples) - meanX;
      products += x * (Math.log(step.seconds) - meanY);
      squares += x * x;
    }
    return products / squares;
  }

  /** The largest size. */
  Step last() {
    return steps.get(steps.size() - 1);
  }

  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining(", "));
  }
}
