package io.millrace.training.gang;

import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import java.util.Optional;

/**
 * How one attempt of a run ended.
 *
 * @param status as the run's, if there is no other attempt
 * @param culprit the process to blame, if one is
 * @param retried whether the job is started again while it has retries left
 */
record AttemptEnd(RunStatus status, Optional<RankEnd> culprit, boolean retried) {

  /** Of an attempt that another would not mend, or that nobody wants mended. */
  static AttemptEnd last(RunStatus status) {
    return new AttemptEnd(status, Optional.empty(), false);
  }

  /** Of an attempt that failed without any process to blame, and that other nodes or luck mend. */
  static AttemptEnd retried(RunStatus status) {
    return new AttemptEnd(status, Optional.empty(), true);
  }

  /** Of an attempt that a process ended. */
  static AttemptEnd by(RankEnd culprit, RunStatus status) {
    return new AttemptEnd(status, Optional.of(culprit), true);
  }

  boolean isFailure() {
    return status.state() == RunState.FAILED;
  }

  /** The same, with more said on why it ended. */
  AttemptEnd explained(String more) {
    return new AttemptEnd(status.explained(more), culprit, retried);
  }
}
