package io.millrace.analysis;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.SampleId;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.dataset.StorageUri;
import java.util.Comparator;
import java.util.Optional;

/** A sample, or a box of it, that stands at an end of a metric's distribution. */
public record Extreme(SampleId id, StorageUri source, Optional<BoundingBox> box, double value) {
  /** By value; those of equal value in the order of their ids, so that runs name the same ones. */
  static final Comparator<Extreme> LOWEST_FIRST =
      Comparator.comparingDouble(Extreme::value).thenComparing(Extreme::id);

  static final Comparator<Extreme> HIGHEST_FIRST =
      Comparator.comparingDouble(Extreme::value).reversed().thenComparing(Extreme::id);

  public Extreme {
    requireNonNull(id, "id is null");
    requireNonNull(source, "source is null");
    requireNonNull(box, "box is null");
  }
}
