package io.millrace.dataset.voc;

import static java.util.Objects.requireNonNull;

/** Something odd in a file that was read all the same; the line is counted from 1. */
public record VocWarning(String message, int line, int column) {
  public VocWarning {
    requireNonNull(message, "message is null");
  }
}
