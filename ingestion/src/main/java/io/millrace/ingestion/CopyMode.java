package io.millrace.ingestion;

/** Where the bytes of imported samples are afterwards. */
public enum CopyMode {
  /** Where they were: a sample points at its source. */
  REFERENCE,
  /** In the dataset: each source is copied, and the copy verified by size and digest. */
  COPY
}
