package io.millrace.training;

import io.millrace.dataset.DatasetException;
import java.util.List;

/**
 * A training job that cannot be started, or a run that cannot be handled as asked. All problems
 * found are reported together, each a sentence with its remedy.
 */
public final class TrainingException extends DatasetException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  public TrainingException(String message) {
    super(message);
    this.problems = List.of(message);
  }

  public TrainingException(String message, Throwable cause) {
    super(message, cause);
    this.problems = List.of(message);
  }

  private TrainingException(String message, List<String> problems) {
    super(message);
    this.problems = problems;
  }

  /** The failure to start a job for one or more reasons. */
  public static TrainingException cannotStart(String jobName, List<String> problems) {
    String message =
        problems.size() == 1
            ? "Cannot start training job '%s': %s".formatted(jobName, problems.get(0))
            : "Cannot start training job '%s': %d problems%n  - %s"
                .formatted(
                    jobName,
                    problems.size(),
                    String.join(System.lineSeparator() + "  - ", problems));
    return new TrainingException(message, List.copyOf(problems));
  }

  /** Reports what is wrong with a part of a job, if anything is. */
  static void throwIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new TrainingException(String.join(" ", problems), List.copyOf(problems));
    }
  }

  /** At least one sentence. */
  public List<String> problems() {
    return problems;
  }
}
