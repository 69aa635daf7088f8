package io.millrace.dataset;

import java.util.Arrays;
import java.util.Optional;

/** What a sample is meant for; a sample without one is left to its reader. */
public enum Usage {
  TRAIN,
  EVAL,
  TEST,
  INFERENCE;

  /** Reads a usage in any case, as manifests in the field spell it; empty for any other word. */
  public static Optional<Usage> parse(String text) {
    return Arrays.stream(values()).filter(usage -> usage.name().equalsIgnoreCase(text)).findFirst();
  }
}
