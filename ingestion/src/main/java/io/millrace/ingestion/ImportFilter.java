package io.millrace.ingestion;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Usage;
import io.millrace.dataset.filter.SampleFilter;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which samples of a source an import takes, and how much of each; a sample has to pass every one
 * of the conditions.
 *
 * <p>The conditions see the sample as its source describes it: its annotations, those of its
 * annotation file included, before {@link AnnotationPolicy#UNLABELLED} drops them. A sample that is
 * left out is neither imported nor rejected.
 *
 * @param annotations whether annotations are imported; ModelArts' "labelled" and "unlabelled"
 * @param examples whether only {@linkplain Sample#isHard() hard} samples are taken
 * @param labels takes the samples that have at least one of these labels, with all their
 *     annotations: an image without some of its boxes would teach that there is nothing; empty for
 *     any, unlabelled samples included
 * @param usages takes the samples meant for one of these; empty for any, none included
 * @param where takes the samples that it selects; it names no metrics, since those are measured on
 *     what is imported already
 */
public record ImportFilter(
    AnnotationPolicy annotations,
    Examples examples,
    Set<Label> labels,
    Set<Usage> usages,
    SampleFilter where)
    implements Serializable {

  /** Which samples are taken by their hardness. */
  public enum Examples {
    ALL,
    ONLY_HARD
  }

  /** Takes every sample with all its annotations. */
  public static final ImportFilter EVERYTHING =
      new ImportFilter(
          AnnotationPolicy.LABELLED, Examples.ALL, Set.of(), Set.of(), SampleFilter.ALL);

  public ImportFilter {
    requireNonNull(annotations, "annotations is null");
    requireNonNull(examples, "examples is null");
    requireNonNull(where, "where is null");
    labels = Set.copyOf(labels);
    usages = Set.copyOf(usages);
    if (!where.metrics().isEmpty()) {
      throw ImportErrors.metricsInFilter(where);
    }
  }

  /** The sample as it is imported; empty where it is left out. */
  public Optional<Sample> apply(Sample sample) {
    if (!takes(sample)) {
      return Optional.empty();
    }
    return Optional.of(
        annotations == AnnotationPolicy.UNLABELLED ? sample.withAnnotations(List.of()) : sample);
  }

  private boolean takes(Sample sample) {
    return (examples == Examples.ALL || sample.isHard())
        && (labels.isEmpty() || !Collections.disjoint(labels, sample.labels()))
        && (usages.isEmpty() || sample.usage().filter(usages::contains).isPresent())
        && where.matches(sample);
  }
}
