package io.millrace.dataset.labels;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A sample's annotations without some of them, and without the relations that would join what is
 * gone.
 *
 * @param kept in their order
 * @param removed how many were asked to go
 * @param relations how many went with an entity
 */
record RemovedAnnotations(List<Annotation> kept, int removed, int relations) {
  RemovedAnnotations {
    kept = List.copyOf(kept);
  }

  static RemovedAnnotations of(Sample sample, Predicate<Annotation> goes) {
    return of(sample.annotations(), goes);
  }

  /**
   * Takes away what passes. An entity whose id another entity has too is not missed; a relation
   * that joined nothing before stays.
   */
  static RemovedAnnotations of(List<Annotation> annotations, Predicate<Annotation> goes) {
    List<Annotation> kept = new ArrayList<>();
    Set<String> gone = new HashSet<>();
    Set<String> there = new HashSet<>();
    for (Annotation annotation : annotations) {
      boolean isGone = goes.test(annotation);
      if (!isGone) {
        kept.add(annotation);
      }
      if (annotation instanceof Annotation.TextEntity) {
        annotation.info().id().ifPresent((isGone ? gone : there)::add);
      }
    }
    int removed = annotations.size() - kept.size();
    gone.removeAll(there);
    List<Annotation> joined = kept.stream().filter(each -> !joins(each, gone)).toList();
    return new RemovedAnnotations(joined, removed, kept.size() - joined.size());
  }

  private static boolean joins(Annotation annotation, Set<String> gone) {
    return annotation instanceof Annotation.TextRelation relation
        && (gone.contains(relation.from()) || gone.contains(relation.to()));
  }

  AnnotationCounts counts() {
    return AnnotationCounts.ofRemoved(removed, relations);
  }
}
