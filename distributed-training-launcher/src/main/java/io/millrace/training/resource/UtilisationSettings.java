package io.millrace.training.resource;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.watch.LogLimits;
import java.time.Duration;

/**
 * How utilisation is sampled and judged.
 *
 * @param period between two looks
 * @param lowPercent an average below it is warned about, as ModelArts does below 50 %; 0 for never
 * @param limits of the file; the oldest looks are dropped first
 */
public record UtilisationSettings(Duration period, double lowPercent, LogLimits limits) {
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * Every 10 s; 50 %; 24 MiB and an older file of that size. They hold the three days that
   * ModelArts shows of a node with 8 devices on a machine of its own, and half a day of 8 such
   * nodes.
   */
  public static final UtilisationSettings DEFAULT =
      new UtilisationSettings(Duration.ofSeconds(10), 50, new LogLimits(24L << 20, 1));

  public UtilisationSettings {
    checkArgument(
        period.compareTo(SHORTEST) >= 0 && period.compareTo(LONGEST) <= 0,
        "Invalid utilisation period: %s (expected 50 ms to 24 h)",
        period);
    checkArgument(
        lowPercent >= 0 && lowPercent <= 100,
        "Invalid limit of low utilisation: %s %% (expected 0 to 100)",
        lowPercent);
    requireNonNull(limits, "limits is null");
  }

  public UtilisationSettings withPeriod(Duration newPeriod) {
    return new UtilisationSettings(newPeriod, lowPercent, limits);
  }

  public UtilisationSettings withLowPercent(double newPercent) {
    return new UtilisationSettings(period, newPercent, limits);
  }

  public UtilisationSettings withLimits(LogLimits newLimits) {
    return new UtilisationSettings(period, lowPercent, newLimits);
  }
}
