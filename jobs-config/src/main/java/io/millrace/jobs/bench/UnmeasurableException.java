package io.millrace.jobs.bench;

/** A row cannot be measured here, for a reason that is told in it; the other rows go on. */
final class UnmeasurableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnmeasurableException(String reason) {
    super(reason);
  }
}
