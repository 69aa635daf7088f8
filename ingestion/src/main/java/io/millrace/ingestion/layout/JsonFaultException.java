package io.millrace.ingestion.layout;

import io.millrace.ingestion.RejectReason;

/** What is wrong with a line of JSON, and where in it; the layout turns it into a refusal. */
final class JsonFaultException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;
  private final int column;

  /**
   * @param column of the offending value, counted from 1
   * @param message without an end stop
   */
  JsonFaultException(RejectReason reason, int column, String message) {
    super(message);
    this.reason = reason;
    this.column = column;
  }

  RejectReason reason() {
    return reason;
  }

  int column() {
    return column;
  }
}
