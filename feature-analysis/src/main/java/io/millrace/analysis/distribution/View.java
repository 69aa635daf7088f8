package io.millrace.analysis.distribution;

import io.millrace.dataset.Usage;
import java.util.Locale;
import java.util.Optional;

/** The part of a version that is looked at. */
public enum View {
  /** Every sample, whatever its usage, without one too. */
  ALL,
  TRAIN,
  EVAL,
  TEST,
  INFERENCE;

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The view of the samples of one usage. */
  public static View of(Usage usage) {
    return switch (usage) {
      case TRAIN -> TRAIN;
      case EVAL -> EVAL;
      case TEST -> TEST;
      case INFERENCE -> INFERENCE;
    };
  }

  /** Whether a sample of this usage is seen. */
  public boolean holds(Optional<Usage> usage) {
    return this == ALL || (usage.isPresent() && of(usage.get()) == this);
  }
}
