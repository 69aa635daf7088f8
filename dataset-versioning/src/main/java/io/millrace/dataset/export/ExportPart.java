package io.millrace.dataset.export;

import io.millrace.dataset.Sample;
import io.millrace.dataset.Usage;
import java.util.Locale;
import java.util.Optional;

/** A part of a dataset: the samples of a usage, or those without one. */
public enum ExportPart {
  TRAIN(Usage.TRAIN),
  EVAL(Usage.EVAL),
  TEST(Usage.TEST),
  INFERENCE(Usage.INFERENCE),
  NONE(null);

  private final Usage usage;

  ExportPart(Usage usage) {
    this.usage = usage;
  }

  public static ExportPart of(Sample sample) {
    return sample.usage().map(usage -> valueOf(usage.name())).orElse(NONE);
  }

  /** The usage of its samples; empty for {@link #NONE}. */
  public Optional<Usage> usage() {
    return Optional.ofNullable(usage);
  }

  /** The name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
