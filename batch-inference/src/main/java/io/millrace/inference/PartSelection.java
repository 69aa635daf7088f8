package io.millrace.inference;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Usage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which samples of a dataset version are scored. */
public enum PartSelection {
  TRAIN(Optional.of(Usage.TRAIN)),
  EVAL(Optional.of(Usage.EVAL)),
  TEST(Optional.of(Usage.TEST)),
  INFERENCE(Optional.of(Usage.INFERENCE)),
  /** The samples without a usage. */
  NONE(Optional.empty()),
  /** Every sample, whatever its usage. */
  ALL(Optional.empty());

  private final Optional<Usage> usage;

  PartSelection(Optional<Usage> usage) {
    this.usage = usage;
  }

  /** Whether a sample of this usage (or of none) is scored. */
  public boolean includes(Optional<Usage> sampleUsage) {
    return this == ALL || usage.equals(sampleUsage);
  }

  /** Reads a part in any case. */
  public static PartSelection parse(String text) {
    return Arrays.stream(values())
        .filter(part -> part.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new DatasetException(
                    String.format(
                        Locale.ROOT, "Invalid part: '%s' (expected one of %s)", text, names())));
  }

  private static String names() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }
}
