package io.millrace.training.hang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * What one rank, all of its processes together, has done by a moment. Counters may go backwards: a
 * process that ends takes its share along.
 *
 * @param io bytes and calls of reading and writing so far
 * @param cpu time used so far on all cores
 * @param mainThreads the part of it that the processes' main threads used. A step is begun there,
 *     whereas what only keeps connections alive runs in others
 * @param posture whether it could run at all
 * @param deviceUtilisation what was sampled of its devices since the last look, in percent; empty
 *     for a job that has none or where nobody samples them
 */
public record Vitals(
    long io, Duration cpu, Duration mainThreads, Posture posture, List<Double> deviceUtilisation) {

  /** Whether a rank could run. */
  public enum Posture {
    /** Runs or waits. */
    FREE,
    /** At least one of its processes is stopped by a signal, as by SIGSTOP. */
    STOPPED
  }

  public Vitals {
    requireNonNull(cpu, "cpu is null");
    requireNonNull(mainThreads, "mainThreads is null");
    requireNonNull(posture, "posture is null");
    deviceUtilisation = List.copyOf(deviceUtilisation);
    for (double percent : deviceUtilisation) {
      checkArgument(
          percent >= 0 && percent <= 100,
          "Invalid utilisation of a device: %s (expected 0 to 100)",
          percent);
    }
  }

  /** The same rank, with what was sampled of its devices since the last look. */
  public Vitals withDeviceUtilisation(List<Double> percents) {
    return new Vitals(io, cpu, mainThreads, posture, percents);
  }

  /** Of a rank without devices. */
  public static Vitals ofProcesses(long io, Duration cpu, Duration mainThreads, Posture posture) {
    return new Vitals(io, cpu, mainThreads, posture, List.of());
  }
}
