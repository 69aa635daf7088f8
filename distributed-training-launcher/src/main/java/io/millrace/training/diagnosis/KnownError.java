package io.millrace.training.diagnosis;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An entry of a catalogue: how an error shows, what it likely comes from and what to do.
 *
 * @param id lower-case words joined by hyphens
 * @param title a few words
 * @param patterns any of them in a line of the log tells; may be empty if there are exit codes
 * @param exitCodes any of them, 128 + N for signal N, tells by itself
 * @param cause one or two sentences
 * @param advice one or two sentences
 * @param source where it was taken from
 * @param sample lines of a log that show it
 */
public record KnownError(
    String id,
    String title,
    Kind kind,
    List<LinePattern> patterns,
    Set<Integer> exitCodes,
    String cause,
    String advice,
    String source,
    List<String> sample) {
  private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  /** What an error says about a failed run, the most telling kind first. */
  public enum Kind {
    /** It is what went wrong. */
    CAUSE,
    /** It went wrong here, for one of several reasons. */
    UNSPECIFIC,
    /** Another process, or something before, has most likely gone wrong. */
    CONSEQUENCE,
    /** Seldom what ended a run. */
    REMARK
  }

  public KnownError {
    checkArgument(
        id != null && ID.matcher(id).matches(),
        "Invalid id: '%s' (expected lower-case words joined by hyphens)",
        id);
    requireNonNull(title, "title is null");
    requireNonNull(kind, "kind is null");
    patterns = List.copyOf(patterns);
    exitCodes = Set.copyOf(exitCodes);
    checkArgument(
        !patterns.isEmpty() || !exitCodes.isEmpty(),
        "Invalid patterns of %s: none, nor an exit code (expected one of them)",
        id);
    for (int code : exitCodes) {
      checkArgument(
          code >= 1 && code <= 255, "Invalid exit-codes of %s: %s (expected 1 to 255)", id, code);
    }
    requireNonNull(cause, "cause is null");
    requireNonNull(advice, "advice is null");
    requireNonNull(source, "source is null");
    sample = List.copyOf(sample);
  }

  boolean matches(String line) {
    for (LinePattern pattern : patterns) {
      if (pattern.isIn(line)) {
        return true;
      }
    }
    return false;
  }
}
