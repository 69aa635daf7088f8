package io.millrace.ingestion;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * How lines of labelled text are written.
 *
 * @param labelsSeparator stands between a text and its labels; the last one of a line counts, so
 *     that a text may hold it
 * @param labelSeparator stands between two labels
 */
public record TextOptions(String labelsSeparator, String labelSeparator) implements Serializable {
  /** {@code text<TAB>label,label}. */
  public static final TextOptions DEFAULT = new TextOptions("\t", ",");

  public TextOptions {
    requireNonNull(labelsSeparator, "labelsSeparator is null");
    requireNonNull(labelSeparator, "labelSeparator is null");
    checkArgument(
        !labelsSeparator.isEmpty() && !labelSeparator.isEmpty(),
        "Invalid separator: '' (expected at least one character)");
    checkArgument(
        !labelsSeparator.equals(labelSeparator),
        "Invalid separators: '%s' cannot stand both before the labels and between two of them",
        labelSeparator);
  }
}
