package io.millrace.dataset.delta.spark;

import io.delta.exceptions.DeltaConcurrentModificationException;

/**
 * An edit was computed from samples that another writer has changed since. Delta itself notices
 * only what is committed after its own command began; this is about the time before.
 */
final class StaleEditException extends DeltaConcurrentModificationException {
  private static final long serialVersionUID = 1L;

  /** What a task fails with that finds a sample not as it was read. */
  static final String MARK = "millrace: a sample was changed since it was read";

  StaleEditException(Throwable cause) {
    super(MARK);
    initCause(cause);
  }

  /** Whether a failure is about a changed sample. */
  static boolean isToldBy(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (String.valueOf(each.getMessage()).contains(MARK)) {
        return true;
      }
    }
    return false;
  }
}
