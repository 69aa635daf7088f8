package io.millrace.training;

import java.util.Locale;

/** Where a run is in its life. */
public enum RunState {
  /** Being set up; nothing of it runs. */
  CREATING,
  /** Waits for its nodes. */
  WAITING,
  /** Its nodes are prepared, its processes run, or their outputs are copied. */
  RUNNING,
  /** Every process ended with exit code 0, and every output was written. */
  COMPLETED,
  /** A process ended otherwise, or the run could not be prepared or its outputs not be written. */
  FAILED,
  /**
   * Its launcher lost it before it ended. Its processes ended along with the launcher; a job that a
   * cluster owns may go on, and the message says so.
   */
  ABNORMAL,
  /** Somebody asked to stop it; its processes are ending. */
  TERMINATING,
  /** Stopped because somebody asked. */
  TERMINATED;

  /** Whether the run is over: no process of it is left and its state stays as it is. */
  public boolean isTerminal() {
    return switch (this) {
      case COMPLETED, FAILED, ABNORMAL, TERMINATED -> true;
      case CREATING, WAITING, RUNNING, TERMINATING -> false;
    };
  }

  /** As it is shown and stored: {@code Running}. */
  public String displayName() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
