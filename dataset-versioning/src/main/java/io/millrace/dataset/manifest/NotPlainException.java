package io.millrace.dataset.manifest;

import java.util.Optional;

/**
 * Says that a line is not for the fast path; never leaves this package, and is no failure: what is
 * odd about the line the careful path finds out. Without a stack trace, since it may come for every
 * line.
 */
final class NotPlainException extends Exception {
  private static final long serialVersionUID = 1L;

  NotPlainException() {
    super(null, null, false, false);
  }

  /** A value without which a line is not plain. */
  static <T> T require(Optional<T> value) throws NotPlainException {
    if (value.isEmpty()) {
      throw new NotPlainException();
    }
    return value.get();
  }
}
