package io.millrace.training.local;

import io.millrace.training.TrainingException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The outcome of a search for a Python that imports the modules asked for.
 *
 * @param attempts what was tried before the one found, or all that was tried, in order
 * @param remedy the one command that gets what is missing
 */
public record PythonSearch(
    List<String> modules,
    Optional<PythonInterpreter> found,
    List<Attempt> attempts,
    String remedy) {

  /**
   * An interpreter that will not do.
   *
   * @param why for instance {@code no module named torch}
   */
  public record Attempt(String command, String why) {}

  public PythonSearch {
    modules = List.copyOf(modules);
    attempts = List.copyOf(attempts);
  }

  /**
   * The interpreter found.
   *
   * @throws TrainingException saying what was tried and how to get one
   */
  public PythonInterpreter require() {
    return found.orElseThrow(() -> new TrainingException(explanation()));
  }

  /** Why none was found, and what to do. */
  public String explanation() {
    String tried =
        attempts.stream()
            .map(attempt -> attempt.command() + " (" + attempt.why() + ")")
            .collect(Collectors.joining(", "));
    return "Cannot find a Python that imports %s: tried %s. Get it with: %s"
        .formatted(String.join(", ", modules), tried, remedy);
  }
}
