package io.millrace.dataset.export.format;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What SageMaker says once of all annotations of a kind in a line, as far as they agree on it.
 *
 * @param annotatedBy {@code human} or SageMaker's own model; it knows no others
 */
record SagemakerInfo(Optional<String> annotatedBy, Optional<LocalDateTime> creationTime) {
  static final String HUMAN = "human";
  static final String MACHINE = "sagemaker/auto-labeling";

  static SagemakerInfo ofObjects(Sample sample) {
    return of(
        sample.objects().stream()
            .filter(object -> SagemakerFormat.box(object).isPresent())
            .map(Annotation::info)
            .toList());
  }

  static SagemakerInfo ofClasses(Sample sample) {
    return of(infos(sample, Annotation.Classification.class));
  }

  static SagemakerInfo ofEntities(Sample sample) {
    return of(infos(sample, Annotation.TextEntity.class));
  }

  /** What a reader gets of what an annotation has. */
  AnnotationInfo carried(AnnotationInfo info) {
    return new AnnotationInfo(
        Optional.empty(),
        Properties.EMPTY,
        Hardness.NONE,
        annotatedBy,
        creationTime,
        info.confidence(),
        "");
  }

  private static List<AnnotationInfo> infos(Sample sample, Class<? extends Annotation> type) {
    return sample.annotations().stream().filter(type::isInstance).map(Annotation::info).toList();
  }

  private static SagemakerInfo of(List<AnnotationInfo> infos) {
    if (infos.isEmpty()) {
      return new SagemakerInfo(Optional.empty(), Optional.empty());
    }
    AnnotationInfo first = infos.get(0);
    boolean sameAuthor =
        infos.stream().allMatch(info -> info.annotatedBy().equals(first.annotatedBy()));
    boolean sameTime =
        infos.stream().allMatch(info -> info.creationTime().equals(first.creationTime()));
    return new SagemakerInfo(
        sameAuthor
            ? first.annotatedBy().filter(by -> by.equals(HUMAN) || by.equals(MACHINE))
            : Optional.empty(),
        sameTime
            ? first.creationTime().map(time -> time.truncatedTo(ChronoUnit.SECONDS))
            : Optional.empty());
  }
}
