package io.millrace.dataset.merging;

/** What happens where both sides changed the same. */
public enum MergePolicy {
  /** Nothing is merged at all; the samples are named. */
  FAIL,
  /** What the target has stays. */
  OURS,
  /** What the source has is taken. */
  THEIRS,
  /**
   * Annotations of both sides; of all else what the target has. Samples whose bytes differ, and
   * recordings with two contents, stay conflicts: annotations of different things have no union.
   */
  UNION_LABELS
}
