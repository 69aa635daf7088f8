package io.millrace.ingestion.probe;

import java.util.Locale;

/** A header that contradicts its format; {@link ImageProbe} turns it into a refusal. */
final class BrokenHeaderException extends Exception {
  private static final long serialVersionUID = 1L;

  BrokenHeaderException(String template, Object... arguments) {
    super(String.format(Locale.ROOT, template, arguments));
  }
}
