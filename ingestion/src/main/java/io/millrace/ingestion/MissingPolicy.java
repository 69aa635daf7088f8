package io.millrace.ingestion;

/** What becomes of samples that the same source brought before and whose object is gone. */
public enum MissingPolicy {
  /** They stay in the dataset, marked with the time at which they were missed. */
  KEEP,
  /** They are removed from the dataset; published versions keep them. */
  REMOVE
}
