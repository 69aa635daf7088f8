package io.millrace.dataset.export;

/** What an export does with a target that holds something. */
public enum WhenNotEmpty {
  /** Refuses it. */
  REFUSE,
  /** Replaces an earlier export; refuses anything else. */
  REPLACE_EXPORT
}
