package io.millrace.ingestion;

/** Whether an import brings what its source says of the samples, or the samples alone. */
public enum AnnotationPolicy {
  /** The samples with their annotations; those without any are imported as well. */
  LABELLED,
  /** All the same samples, without their annotations. */
  UNLABELLED
}
