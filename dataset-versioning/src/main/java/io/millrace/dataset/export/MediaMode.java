package io.millrace.dataset.export;

import java.util.Locale;

/** What an export does with the samples' own bytes. */
public enum MediaMode {
  /** Copies them into the target, which is whole by itself. */
  COPY,
  /** Leaves them where they are; the export names their addresses. */
  REFERENCE;

  /** The name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
