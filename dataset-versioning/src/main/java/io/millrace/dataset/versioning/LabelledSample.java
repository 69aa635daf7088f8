package io.millrace.dataset.versioning;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import io.millrace.dataset.SampleId;
import java.util.Set;

/**
 * What a split needs to know of a labelled sample.
 *
 * @param labels the distinct ones; none for kinds of annotations that carry no label
 */
public record LabelledSample(SampleId id, Set<Label> labels) {
  public LabelledSample {
    requireNonNull(id, "id is null");
    labels = Set.copyOf(labels);
  }
}
