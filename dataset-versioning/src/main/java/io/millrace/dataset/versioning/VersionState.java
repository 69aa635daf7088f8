package io.millrace.dataset.versioning;

/** Whether a version can be used. */
public enum VersionState {
  /** Published and readable. */
  NORMAL,
  /** Deleted; its name stays taken, its data is gone or about to go. */
  DELETED
}
