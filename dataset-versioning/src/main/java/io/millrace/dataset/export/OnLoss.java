package io.millrace.dataset.export;

/** What an export does where its format cannot carry everything. */
public enum OnLoss {
  /** Exports what the format carries, and counts what it does not. */
  REPORT,
  /** Looks first, and writes nothing if anything would be lost. */
  FAIL
}
