package io.millrace.dataset.voc;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What became of one Pascal VOC file. */
public sealed interface ParsedVoc {

  /**
   * A file that was read.
   *
   * @param warnings what was odd in it and how it was understood; usually none
   */
  record Accepted(VocDocument document, List<VocWarning> warnings) implements ParsedVoc {
    public Accepted {
      requireNonNull(document, "document is null");
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * A file that describes no image.
   *
   * @param message a sentence for the user, without file and place
   * @param line where the trouble is, counted from 1; 0 where it has no place
   * @param column counted from 1; 0 where it has no place
   */
  record Rejected(VocFault fault, String message, int line, int column) implements ParsedVoc {
    public Rejected {
      requireNonNull(fault, "fault is null");
      requireNonNull(message, "message is null");
    }

    /** One line for a report: place and reason. */
    public String describe(String file) {
      return line == 0
          ? "%s: %s".formatted(file, message)
          : "%s:%s:%s: %s".formatted(file, line, column, message);
    }
  }
}
