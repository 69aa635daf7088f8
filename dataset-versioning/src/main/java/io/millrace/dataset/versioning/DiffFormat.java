package io.millrace.dataset.versioning;

/** In which form the samples that differ are written. */
public enum DiffFormat {
  PARQUET,
  /** Lists as texts, separated by semicolons. */
  CSV,
  /** One JSON object a line. */
  JSONL
}
