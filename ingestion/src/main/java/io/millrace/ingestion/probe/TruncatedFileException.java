package io.millrace.ingestion.probe;

import java.util.Locale;

/** A file that is shorter than its own outline; {@link MediaProbe} turns it into a refusal. */
final class TruncatedFileException extends Exception {
  private static final long serialVersionUID = 1L;

  TruncatedFileException(String template, Object... arguments) {
    super(String.format(Locale.ROOT, template, arguments));
  }
}
