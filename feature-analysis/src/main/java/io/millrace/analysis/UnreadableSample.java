package io.millrace.analysis;

import static java.util.Objects.requireNonNull;

import io.millrace.analysis.image.Unreadable;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.StorageUri;

/** A sample whose pixels could not be had, and why. */
public record UnreadableSample(SampleId id, StorageUri source, Unreadable reason) {
  public UnreadableSample {
    requireNonNull(id, "id is null");
    requireNonNull(source, "source is null");
    requireNonNull(reason, "reason is null");
  }
}
