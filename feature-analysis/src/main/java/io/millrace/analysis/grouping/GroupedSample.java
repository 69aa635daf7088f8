package io.millrace.analysis.grouping;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.SampleId;
import io.millrace.dataset.StorageUri;
import java.util.Comparator;

/**
 * An image and how far its descriptor lies from the centre of its group.
 *
 * @param distance Euclidean, at least 0
 */
public record GroupedSample(SampleId id, StorageUri source, double distance) {
  static final Comparator<GroupedSample> NEAREST_FIRST =
      Comparator.comparingDouble(GroupedSample::distance).thenComparing(GroupedSample::id);

  public GroupedSample {
    requireNonNull(id, "id is null");
    requireNonNull(source, "source is null");
  }
}
