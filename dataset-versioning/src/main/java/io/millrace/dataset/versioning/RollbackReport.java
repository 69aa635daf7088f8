package io.millrace.dataset.versioning;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StateRef;

/**
 * What came of a rollback.
 *
 * @param goal what the samples were set back to
 * @param formerState the number of the state before, by which it can be restored
 * @param counts how the samples differ from before
 */
public record RollbackReport(
    StateRef.Working branch, String goal, Result result, long formerState, DiffCounts counts) {

  /** How it ended. */
  public enum Result {
    COMMITTED,
    NOTHING_TO_DO,
    DRY_RUN
  }

  public RollbackReport {
    requireNonNull(branch, "branch is null");
    requireNonNull(goal, "goal is null");
    requireNonNull(result, "result is null");
    requireNonNull(counts, "counts is null");
  }
}
