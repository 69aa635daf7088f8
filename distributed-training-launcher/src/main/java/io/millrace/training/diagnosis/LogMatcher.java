package io.millrace.training.diagnosis;

import io.millrace.training.diagnosis.Diagnosis.Line;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Matches one log with known errors. What it keeps is bounded by their number. */
final class LogMatcher {
  /** Colours of a terminal. */
  private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /**
   * What launchers put before a line: {@code [rank 3] }, {@code [rank3]: }, {@code [default0]:}.
   */
  private static final Pattern RANK = Pattern.compile("^(\\[(rank ?|default)\\d+\\]:? ?)+");

  private final List<KnownError> errors;
  private final WorkerLog log;
  private final Map<Integer, Finding> findings = new TreeMap<>();

  private LogMatcher(List<KnownError> errors, WorkerLog log) {
    this.errors = errors;
    this.log = log;
  }

  /** What was found of one error. */
  static final class Finding {
    private final List<Line> lines = new ArrayList<>();
    private long count;
    private OptionalInt exitCode = OptionalInt.empty();

    List<Line> lines() {
      return lines;
    }

    long count() {
      return count;
    }

    OptionalInt exitCode() {
      return exitCode;
    }

    private void add(long number, String line) {
      count++;
      if (lines.size() < Diagnosis.MAX_LINES) {
        String text = CONTROL.matcher(line).replaceAll(" ").strip();
        lines.add(
            new Line(
                number, text.substring(0, Math.min(text.length(), Diagnosis.MAX_LINE_LENGTH))));
      }
    }
  }

  /**
   * Reads a log. Each line speaks for the first of the errors that it matches.
   *
   * @return findings by the place of their error in the list
   */
  static Map<Integer, Finding> match(List<KnownError> errors, WorkerLog log) throws IOException {
    LogMatcher matcher = new LogMatcher(errors, log);
    try (InputStream text = log.content().open()) {
      LogLines.read(text, matcher::accept);
    }
    log.exitCode().ifPresent(matcher::acceptExitCode);
    return matcher.findings;
  }

  private void accept(long number, String raw) {
    if (log.attemptStart().test(raw)) {
      findings.clear();
      return;
    }
    String line = raw.indexOf('\u001b') < 0 ? raw : ESCAPE.matcher(raw).replaceAll("");
    String message = line.startsWith("[") ? RANK.matcher(line).replaceFirst("") : line;
    for (int i = 0; i < errors.size(); i++) {
      if (errors.get(i).matches(message)) {
        findings.computeIfAbsent(i, key -> new Finding()).add(number, line);
        return;
      }
    }
  }

  private void acceptExitCode(int code) {
    for (int i = 0; i < errors.size(); i++) {
      if (errors.get(i).exitCodes().contains(code)) {
        findings.computeIfAbsent(i, key -> new Finding()).exitCode = OptionalInt.of(code);
        return;
      }
    }
  }
}
