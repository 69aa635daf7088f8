package io.millrace.dataset.export.format;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.Classification;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.export.Fit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The labels of whole samples, in formats that hold nothing but their names. */
final class Classes {
  private Classes() {}

  /**
   * The sample as its distinct labels: readers drop spaces around them, and what is then said
   * twice.
   */
  static Fit.Taken fit(Sample sample, LabelTaskType taskType) {
    Set<Label> distinct = new HashSet<>();
    return Fit.taken(
        Fit.undescribed(sample),
        sample.annotations(),
        annotation ->
            carried(annotation, taskType).filter(c -> distinct.add(c.name())).map(c -> c));
  }

  private static Optional<Classification> carried(Annotation annotation, LabelTaskType taskType) {
    return annotation instanceof Classification classification
            && classification.taskType() == taskType
        ? Optional.of(
            new Classification(
                taskType, new Label(classification.name().value().strip()), AnnotationInfo.NONE))
        : Optional.empty();
  }
}
