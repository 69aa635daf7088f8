package io.millrace.ingestion.table;

/** A row without end, after which nothing of its file can be read. */
public final class RunawayRowException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long line;

  RunawayRowException(long line, String message, Throwable cause) {
    super(message, cause);
    this.line = line;
  }

  /** Where the row begins, from 1. */
  public long line() {
    return line;
  }
}
