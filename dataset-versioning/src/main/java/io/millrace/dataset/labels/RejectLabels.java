package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.util.Set;

/**
 * Removes labels of machines, and the relations of the entities among them; a sample that has no
 * others is unlabelled again.
 */
public record RejectLabels(MachineLabels which) implements LabelEdit {
  private static final long serialVersionUID = 1L;

  public RejectLabels {
    requireNonNull(which, "which is null");
  }

  @Override
  public EditedSample edit(Sample sample) {
    RemovedAnnotations left =
        RemovedAnnotations.of(sample, annotation -> which.contains(sample, annotation));
    return left.removed() == 0
        ? EditedSample.unchanged(sample)
        : EditedSample.changed(sample.withAnnotations(left.kept()), left.counts());
  }

  @Override
  public String operation() {
    return "label reject";
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
