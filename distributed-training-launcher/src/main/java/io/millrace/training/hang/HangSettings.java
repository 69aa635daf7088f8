package io.millrace.training.hang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When a job counts as hung. ModelArts gives the rule but no numbers: the defaults are ours. With
 * them a hang is suspected at the third look after it began, 10 to 15 minutes later, well before
 * collective libraries give up (30 minutes).
 *
 * @param period between two looks at the processes
 * @param quietPeriods how many periods in a row must pass without any reading or writing by any
 *     process; and how many looks in a row must find a process stopped
 * @param window how many periods, the last ones, the utilisation is judged over; all of them quiet,
 *     so that a window longer than {@code quietPeriods} delays the suspicion
 * @param idleCpuPercent in percent of one core: a rank may use as much CPU time in each period of
 *     the window and yet show no sign of life. The threads with which gloo keeps its connections
 *     take 0.1 % while it waits (PyTorch 1.13)
 * @param idleMainPercent the same of the main threads alone, which do nothing at all while they
 *     wait
 * @param medianTolerance in percentage points: a utilisation has changed if the medians of the
 *     older and the newer half of the window differ by more
 * @param varianceTolerance in squared percentage points: a utilisation has changed if its variance
 *     over the window is larger
 * @param action what follows a suspicion
 */
public record HangSettings(
    Duration period,
    int quietPeriods,
    int window,
    double idleCpuPercent,
    double idleMainPercent,
    double medianTolerance,
    double varianceTolerance,
    Action action) {

  /** What follows a suspicion, besides the event. */
  public enum Action {
    /** Nothing: somebody looks. */
    REPORT,
    /** The job's processes are stopped with their grace, and the job has failed. */
    STOP
  }

  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int MOST_PERIODS = 1000;

  /** Two quiet periods of 5 minutes; tolerances that a steady load on a device stays within. */
  public static final HangSettings DEFAULT =
      new HangSettings(Duration.ofMinutes(5), 2, 2, 1, 0.05, 1, 1, Action.REPORT);

  public HangSettings {
    requireNonNull(action, "action is null");
    checkArgument(
        period.compareTo(SHORTEST) >= 0 && period.compareTo(LONGEST) <= 0,
        "Invalid hang period: %s (expected 50 ms to 24 h)",
        period);
    checkArgument(
        quietPeriods >= 1 && quietPeriods <= MOST_PERIODS,
        "Invalid quiet periods of hang detection: %s (expected 1 to 1000)",
        quietPeriods);
    checkArgument(
        window >= 2 && window <= MOST_PERIODS,
        "Invalid window of hang detection: %s periods (expected 2 to 1000)",
        window);
    checkArgument(
        idleCpuPercent >= 0 && idleCpuPercent <= 100,
        "Invalid idle CPU time of hang detection: %s %% (expected 0 to 100)",
        idleCpuPercent);
    checkArgument(
        idleMainPercent >= 0 && idleMainPercent <= 100,
        "Invalid idle CPU time of main threads in hang detection: %s %% (expected 0 to 100)",
        idleMainPercent);
    checkArgument(
        medianTolerance >= 0 && medianTolerance <= 100,
        "Invalid tolerance of the median in hang detection: %s (expected 0 to 100)",
        medianTolerance);
    checkArgument(
        varianceTolerance >= 0 && varianceTolerance <= 10_000,
        "Invalid tolerance of the variance in hang detection: %s (expected 0 to 10000)",
        varianceTolerance);
  }

  public HangSettings withPeriod(Duration newPeriod) {
    return new HangSettings(
        newPeriod,
        quietPeriods,
        window,
        idleCpuPercent,
        idleMainPercent,
        medianTolerance,
        varianceTolerance,
        action);
  }

  public HangSettings withQuietPeriods(int periods) {
    return new HangSettings(
        period,
        periods,
        window,
        idleCpuPercent,
        idleMainPercent,
        medianTolerance,
        varianceTolerance,
        action);
  }

  public HangSettings withWindow(int periods) {
    return new HangSettings(
        period,
        quietPeriods,
        periods,
        idleCpuPercent,
        idleMainPercent,
        medianTolerance,
        varianceTolerance,
        action);
  }

  public HangSettings withAction(Action newAction) {
    return new HangSettings(
        period,
        quietPeriods,
        window,
        idleCpuPercent,
        idleMainPercent,
        medianTolerance,
        varianceTolerance,
        newAction);
  }
}
