package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

/** How a script learns the local directory of an input or an output. */
public enum DataAccess {
  /** As {@code --NAME DIRECTORY} on the command line. */
  ARGUMENT,
  /** As the environment variable {@code NAME}. */
  ENVIRONMENT;

  /** Fails unless a script can learn of something of that name in this way. */
  void check(String kind, String name) {
    ArgumentName.check(kind, name);
    checkArgument(
        this == ARGUMENT || TrainingJob.VARIABLE.matcher(name).matches(),
        "Invalid %s name: '%s' (expected a name without '-' for access by environment)",
        kind,
        name);
  }
}
