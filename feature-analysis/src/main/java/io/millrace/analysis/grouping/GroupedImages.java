package io.millrace.analysis.grouping;

/** Which images of a dataset's working state take part in a grouping. */
public enum GroupedImages {
  ALL,
  /** Those without any annotation. */
  UNLABELLED
}
