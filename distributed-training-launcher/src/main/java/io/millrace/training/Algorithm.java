package io.millrace.training;

import java.util.Optional;

/** What the processes of a job run. */
public sealed interface Algorithm {

  /** The directory of which each node gets a copy; empty if there is none. */
  Optional<CodeLocation> code();

  /** The container image that holds the interpreter; back ends without containers use their own. */
  Optional<String> image();

  /**
   * A Python file.
   *
   * @param file relative to the code directory
   */
  record BootFile(CodeLocation directory, String file, Optional<String> image)
      implements Algorithm {
    @Override
    public Optional<CodeLocation> code() {
      return Optional.of(directory);
    }
  }

  /**
   * A command of the shell, such as {@code cd code && ./prepare.sh && python train.py "$@"}. What a
   * boot file gets as arguments are its positional parameters.
   */
  record UserCommand(String command, Optional<CodeLocation> code, Optional<String> image)
      implements Algorithm {}
}
