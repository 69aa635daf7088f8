package io.millrace.training;

/** How a script learns the local directory of an input. */
public enum InputAccess {
  /** As {@code --NAME DIRECTORY} on the command line. */
  ARGUMENT,
  /** As the environment variable {@code NAME}. */
  ENVIRONMENT
}
