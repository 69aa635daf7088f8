package io.millrace.dataset.merging;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.SampleId;
import java.util.List;

/**
 * A sample that both sides changed in different ways.
 *
 * @param source its address
 * @param aspects what clashes
 */
public record MergeConflict(SampleId id, String source, List<Aspect> aspects) {
  public MergeConflict {
    requireNonNull(id, "id is null");
    requireNonNull(source, "source is null");
    aspects = List.copyOf(aspects);
  }

  @Override
  public String toString() {
    return "%s (%s: %s)"
        .formatted(id, source, String.join(", ", aspects.stream().map(Aspect::toString).toList()));
  }
}
