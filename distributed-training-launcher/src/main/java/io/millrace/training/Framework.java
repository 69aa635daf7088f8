package io.millrace.training;

/** What a training script is written for. */
public enum Framework {
  PYTORCH,
  MINDSPORE,
  /** Anything else: the script finds its place by the variables that every job gets. */
  CUSTOM
}
