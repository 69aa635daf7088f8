package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes labels of machines those of a person, who agrees with them.
 *
 * @param at what their creation time becomes
 * @see AnnotationInfo#confirmed
 */
public record ConfirmLabels(MachineLabels which, LocalDateTime at) implements LabelEdit {
  private static final long serialVersionUID = 1L;

  public ConfirmLabels {
    requireNonNull(which, "which is null");
    requireNonNull(at, "at is null");
  }

  @Override
  public EditedSample edit(Sample sample) {
    List<Annotation> annotations = new ArrayList<>(sample.annotations().size());
    long confirmed = 0;
    for (Annotation annotation : sample.annotations()) {
      if (which.contains(sample, annotation)) {
        annotations.add(annotation.withInfo(annotation.info().confirmed(at)));
        confirmed++;
      } else {
        annotations.add(annotation);
      }
    }
    return confirmed == 0
        ? EditedSample.unchanged(sample)
        : EditedSample.changed(
            sample.withAnnotations(annotations), AnnotationCounts.ofChanged(confirmed));
  }

  @Override
  public String operation() {
    return "label confirm";
  }

  @Override
  public Properties parameters() {
    return Properties.EMPTY.with("labels-where", which.filter().toString());
  }

  @Override
  public SampleFilter reach() {
    return LabelSelections.NAMING_ANNOTATOR;
  }

  @Override
  public Set<Label> brings() {
    return Set.of();
  }
}
