package io.millrace.training.local;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Python that was found to work.
 *
 * @param executable absolute
 * @param version as {@code 3.11.2}; empty text if it was not asked
 */
public record PythonInterpreter(Path executable, String version) {
  public PythonInterpreter {
    checkArgument(
        executable.isAbsolute() && Files.isExecutable(executable),
        "Invalid python: '%s' (expected the absolute path of an executable)",
        executable);
  }
}
