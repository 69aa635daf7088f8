package io.millrace.training.kubernetes;

import java.util.Locale;

/** Volcano's phases of a job. */
enum JobPhase {
  PENDING,
  RUNNING,
  RESTARTING,
  COMPLETING,
  COMPLETED,
  FAILED,
  ABORTING,
  ABORTED,
  TERMINATING,
  TERMINATED,
  /** One that this version does not know. */
  OTHER;

  static JobPhase of(String text) {
    if (text == null || text.isEmpty()) {
      return PENDING;
    }
    for (JobPhase each : values()) {
      if (each.name().equals(text.toUpperCase(Locale.ROOT))) {
        return each;
      }
    }
    return OTHER;
  }

  /** Whether Volcano does nothing more for the job. */
  boolean isFinal() {
    return switch (this) {
      case COMPLETED, FAILED, ABORTED, TERMINATED -> true;
      case PENDING, RUNNING, RESTARTING, COMPLETING, ABORTING, TERMINATING, OTHER -> false;
    };
  }
}
