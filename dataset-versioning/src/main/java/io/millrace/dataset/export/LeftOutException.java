package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/** That a sample, and nothing else, cannot be exported, found only while it is written. */
public final class LeftOutException extends IOException {
  private static final long serialVersionUID = 1L;

  private final LeftOutReason reason;

  public LeftOutException(LeftOutReason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public LeftOutException(LeftOutReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public LeftOutReason reason() {
    return reason;
  }
}
