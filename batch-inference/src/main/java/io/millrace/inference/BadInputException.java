package io.millrace.inference;

import static java.util.Objects.requireNonNull;

/** One input cannot be scored; the others are not concerned. */
public final class BadInputException extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureReason reason;

  public BadInputException(FailureReason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public BadInputException(FailureReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public FailureReason reason() {
    return reason;
  }
}
