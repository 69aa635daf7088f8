package io.millrace.dataset.manifest;

import static java.util.Objects.requireNonNull;

/**
 * A line that describes no usable sample.
 *
 * @param column where in the line the trouble is, counted from 1 in UTF-16 units
 * @param text the line's first {@value #TEXT_CHARACTERS} characters
 * @param reason a sentence for the user, without place and text
 */
public record Rejected(long lineNumber, int column, String text, ManifestFault fault, String reason)
    implements ParsedLine {
  static final int TEXT_CHARACTERS = 200;

  public Rejected {
    requireNonNull(fault, "fault is null");
    requireNonNull(reason, "reason is null");
    text = firstCharacters(text);
  }

  /** One line for a report: place, reason and text. */
  public String describe(String file) {
    return "%s:%s:%s: %s: %s".formatted(file, lineNumber, column, reason, text);
  }

  private static String firstCharacters(String text) {
    if (text.length() <= TEXT_CHARACTERS) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(TEXT_CHARACTERS - 1));
    return text.substring(0, splitsPair ? TEXT_CHARACTERS - 1 : TEXT_CHARACTERS);
  }
}
