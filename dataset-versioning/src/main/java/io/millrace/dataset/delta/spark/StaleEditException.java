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

  private StaleEditException(Throwable cause) {
    super(MARK);
    initCause(cause);
  }

  /** The failure as this exception where it is about a changed sample, else as it is. */
  static RuntimeException of(RuntimeException failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (String.valueOf(each.getMessage()).contains(MARK)) {
        return new StaleEditException(failure);
      }
    }
    return failure;
  }
}
