package io.millrace.jobs.bench;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Set;

/**
 * How a benchmark is run.
 *
 * @param scale of the full sizes, above 0 to 1; the goals are of the full size
 * @param rounds of each contestant that count; the median is taken
 * @param warmUps of each contestant that run before and do not count
 * @param seed the same one gives the same data
 * @param threads Spark tasks that run at once, where a row is not about one core
 * @param only the rows to measure; empty for all
 * @param cache where what is installed is kept for the next time
 */
public record BenchConfig(
    double scale, int rounds, int warmUps, long seed, int threads, Set<String> only, Path cache) {
  public BenchConfig {
    checkArgument(
        scale > 0 && scale <= 1, "Invalid scale: %s (expected above 0, at most 1)", scale);
    checkArgument(rounds >= 1, "Invalid rounds: %s (expected at least 1)", rounds);
    checkArgument(warmUps >= 0, "Invalid warm-ups: %s (expected at least 0)", warmUps);
    checkArgument(threads >= 1, "Invalid threads: %s (expected at least 1)", threads);
    only = Set.copyOf(only);
    requireNonNull(cache, "cache is null");
  }

  /** This part of a full size, at least 1. */
  long scaled(long full) {
    return Math.max(1, Math.round(full * scale));
  }
}
