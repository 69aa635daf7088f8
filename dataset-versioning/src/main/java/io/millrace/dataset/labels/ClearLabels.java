package io.millrace.dataset.labels;

import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.util.List;
import java.util.Set;

/** Removes every annotation, so that the samples are unlabelled. */
public record ClearLabels() implements LabelEdit {
  private static final long serialVersionUID = 1L;

  @Override
  public EditedSample edit(Sample sample) {
    return sample.isLabelled()
        ? EditedSample.changed(
            sample.withAnnotations(List.of()),
            AnnotationCounts.ofRemoved(sample.annotations().size(), 0))
        : EditedSample.unchanged(sample);
  }

  @Override
  public String operation() {
    return "label clear";
  }

  @Override
  public Properties parameters() {
    return Properties.EMPTY;
  }

  @Override
  public SampleFilter reach() {
    return SampleFilter.parse("labelled");
  }

  @Override
  public Set<Label> brings() {
    return Set.of();
  }
}
