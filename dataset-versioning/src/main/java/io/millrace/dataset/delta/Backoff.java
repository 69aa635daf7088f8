package io.millrace.dataset.delta;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * How long a writer that lost waits before its next attempt: a random time below a bound that
 * doubles with each attempt, so that writers that met once do not meet again.
 *
 * @param first the bound before the second attempt
 * @param most the bound never grows beyond it
 * @param pause waits
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Full
 *     jitter, M. Brooker, 2015</a>
 */
record Backoff(Duration first, Duration most, RandomGenerator random, Consumer<Duration> pause) {

  /**
   * For commits of a few kilobytes, which take milliseconds on a disk and tens of them far away.
   */
  static final Backoff COMMITS =
      new Backoff(
          Duration.ofMillis(10),
          Duration.ofSeconds(1),
          new SecureRandom(), // for all threads, and another one in each process
          Backoff::sleep);

  Backoff {
    requireNonNull(random, "random is null");
    requireNonNull(pause, "pause is null");
    checkArgument(
        !first.isNegative() && !first.isZero() && most.compareTo(first) >= 0,
        "Invalid backoff: %s to %s (expected a positive time, and one that is not shorter)",
        first,
        most);
  }

  /**
   * Waits.
   *
   * @param attempt the attempt that was lost; the first is 1
   */
  void pause(int attempt) {
    Duration bound = first;
    for (int lost = 1; lost < attempt && bound.compareTo(most) < 0; lost++) {
      bound = bound.multipliedBy(2);
    }
    long longest = Math.min(bound.toMillis(), most.toMillis());
    pause.accept(Duration.ofMillis(random.nextLong(longest + 1)));
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DatasetErrors.interrupted(e);
    }
  }
}
