package io.millrace.ingestion.layout;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes one sample of several that have the same id, as lines of a manifest may. The first one
 * decides what a sample has only one of, where it says anything at all; annotations of all are
 * kept, equal ones once; the sample is hard if any of them is.
 */
final class SampleMerge {
  private SampleMerge() {}

  /**
   * Merges samples.
   *
   * @param samples at least one; in the order of the manifest
   */
  static Sample of(List<Sample> samples) {
    return samples.stream()
        .reduce(SampleMerge::merge)
        .orElseThrow(() -> new IllegalStateException("No sample to merge"));
  }

  private static Sample merge(Sample first, Sample second) {
    Set<Annotation> annotations = new LinkedHashSet<>(first.annotations());
    annotations.addAll(second.annotations());
    Map<String, Object> properties = new LinkedHashMap<>(first.properties().values());
    second.properties().values().forEach(properties::putIfAbsent);
    return new Sample(
        first.id(),
        first.source(),
        first.kind(),
        first.sizeBytes(),
        first(first.digest(), second.digest()),
        first.createdAt(),
        first.sourceState(),
        first(first.usage(), second.usage()),
        merge(first.hardness(), second.hardness()),
        new Properties(properties),
        first.measures(),
        new ArrayList<>(annotations),
        first(first.inferenceLocation(), second.inferenceLocation()),
        first(first.origin(), second.origin()),
        first.foreignFields().isEmpty() ? second.foreignFields() : first.foreignFields());
  }

  private static Hardness merge(Hardness first, Hardness second) {
    OptionalDouble coefficient =
        first.coefficient().isPresent() ? first.coefficient() : second.coefficient();
    return new Hardness(first.hard() || second.hard(), coefficient);
  }

  private static <T> Optional<T> first(Optional<T> first, Optional<T> second) {
    return Stream.of(first, second).flatMap(Optional::stream).findFirst();
  }
}
