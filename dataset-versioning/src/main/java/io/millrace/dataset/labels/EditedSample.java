package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;

/**
 * What an edit made of a sample.
 *
 * @param sample as it is afterwards; where it was removed, as it was
 */
public record EditedSample(Outcome outcome, Sample sample, AnnotationCounts counts) {

  /** Whether the sample is as it was, differs, or is no longer part of the dataset. */
  public enum Outcome {
    UNCHANGED,
    CHANGED,
    REMOVED
  }

  public EditedSample {
    requireNonNull(outcome, "outcome is null");
    requireNonNull(sample, "sample is null");
    requireNonNull(counts, "counts is null");
  }

  static EditedSample unchanged(Sample sample) {
    return new EditedSample(Outcome.UNCHANGED, sample, AnnotationCounts.NONE);
  }

  static EditedSample changed(Sample sample, AnnotationCounts counts) {
    return new EditedSample(Outcome.CHANGED, sample, counts);
  }

  static EditedSample removed(Sample sample, AnnotationCounts counts) {
    return new EditedSample(Outcome.REMOVED, sample, counts);
  }
}
