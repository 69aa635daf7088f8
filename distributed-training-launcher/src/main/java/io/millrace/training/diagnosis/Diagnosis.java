package io.millrace.training.diagnosis;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalInt;

/**
 * A known error found in a run.
 *
 * @param worker the first of the workers in whose logs it was found
 * @param lines the first lines that show it there, at most {@link #MAX_LINES}; empty if only the
 *     exit code does
 * @param count lines that show it there
 * @param exitCode of that worker, if it shows the error
 * @param alsoIn the other workers in whose logs it was found
 */
public record Diagnosis(
    KnownError error,
    String worker,
    List<Line> lines,
    long count,
    OptionalInt exitCode,
    List<String> alsoIn) {

  /** How many lines are kept of each error and worker. */
  public static final int MAX_LINES = 3;

  /** How many characters are kept of a line. */
  public static final int MAX_LINE_LENGTH = 400;

  /**
   * A line of a log.
   *
   * @param number from 1
   * @param text without control characters, cut at {@link #MAX_LINE_LENGTH} characters
   */
  public record Line(long number, String text) {
    public Line {
      requireNonNull(text, "text is null");
    }
  }

  public Diagnosis {
    requireNonNull(error, "error is null");
    requireNonNull(worker, "worker is null");
    lines = List.copyOf(lines);
    requireNonNull(exitCode, "exitCode is null");
    alsoIn = List.copyOf(alsoIn);
  }

  /** As {@link #summary()}, and below it the lines with their numbers. */
  public String describe() {
    StringBuilder text = new StringBuilder(summary());
    lines.forEach(
        line -> text.append("\n  ").append(line.number()).append(": ").append(line.text()));
    return text.toString();
  }

  /** For people: {@code TITLE (worker-1, line 12). CAUSE ADVICE}. */
  public String summary() {
    String where =
        lines.isEmpty()
            ? exitCode.isPresent() ? worker + ", exit code " + exitCode.getAsInt() : worker
            : worker + ", line " + lines.get(0).number();
    String others = alsoIn.isEmpty() ? "" : ", also in " + String.join(", ", alsoIn);
    return "%s (%s%s). %s %s"
        .formatted(error.title(), where, others, error.cause(), error.advice());
  }
}
