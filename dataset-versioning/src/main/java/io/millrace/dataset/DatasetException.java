package io.millrace.dataset;

/**
 * A failure the user can do something about: its message says what failed, with which value, why,
 * and what to do. Defects of our own are {@link IllegalStateException}s instead.
 */
public class DatasetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatasetException(String message) {
    super(message);
  }

  public DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
