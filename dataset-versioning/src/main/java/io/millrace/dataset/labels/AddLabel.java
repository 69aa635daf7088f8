package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Gives whole samples one more label, as a person does. A sample that has it already, whoever gave
 * it, stays as it is.
 *
 * @param taskType one of the classifications
 * @param at what the label's creation time becomes
 */
public record AddLabel(LabelTaskType taskType, Label label, LocalDateTime at) implements LabelEdit {
  private static final long serialVersionUID = 1L;
  static final String OPERATION = "label add";

  public AddLabel {
    requireNonNull(label, "label is null");
    requireNonNull(at, "at is null");
    ClassificationTask.check(taskType, OPERATION);
  }

  @Override
  public EditedSample edit(Sample sample) {
    if (sample.labels().contains(label)) {
      return EditedSample.unchanged(sample);
    }
    List<Annotation> annotations = new ArrayList<>(sample.annotations());
    annotations.add(new Annotation.Classification(taskType, label, AnnotationInfo.ofHuman(at)));
    return EditedSample.changed(sample.withAnnotations(annotations), AnnotationCounts.ofAdded(1));
  }

  @Override
  public String operation() {
    return OPERATION;
  }

  @Override
  public Properties parameters() {
    return Properties.EMPTY.with("label", label.value());
  }

  @Override
  public SampleFilter reach() {
    return SampleFilter.ALL;
  }

  @Override
  public Set<Label> brings() {
    return Set.of(label);
  }
}
