package io.millrace.training;

/** What a script finds in the local directory of an output when a run starts. */
public enum OutputPreparation {
  /** Nothing. */
  EMPTY,
  /** All that the output's location holds, so that training resumes from its last checkpoint. */
  DOWNLOADED
}
