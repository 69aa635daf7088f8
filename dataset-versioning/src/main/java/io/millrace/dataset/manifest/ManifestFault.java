package io.millrace.dataset.manifest;

import java.util.Locale;

/** Why a manifest line was rejected, for counting; the sentence is {@link Rejected#reason()}. */
public enum ManifestFault {
  /** The line is no JSON object. */
  BROKEN_JSON,
  /** The bytes are not UTF-8, or a text holds half of a surrogate pair. */
  BROKEN_TEXT,
  /** The line is longer than the limit. */
  LINE_TOO_LONG,
  /** A required field is not there. */
  MISSING_FIELD,
  /** A field holds a value that it cannot hold. */
  INVALID_FIELD,
  /** The line names column files of CarbonData, not a sample. */
  COLUMN_FILE;

  /** The name in reports, such as {@code manifest_broken_json}. */
  public String code() {
    return "manifest_" + name().toLowerCase(Locale.ROOT);
  }
}
