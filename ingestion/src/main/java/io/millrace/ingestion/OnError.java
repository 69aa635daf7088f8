package io.millrace.ingestion;

/** What an import does with an input that it cannot take. */
public enum OnError {
  /** Refuses the input with a reason and goes on. */
  SKIP,
  /** Stops at the first one and leaves the dataset as it was. */
  FAIL
}
