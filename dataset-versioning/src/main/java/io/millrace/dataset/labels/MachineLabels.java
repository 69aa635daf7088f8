package io.millrace.dataset.labels;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.io.Serializable;
import java.util.List;

/**
 * A selection among the labels that machines gave and nobody has confirmed. Each is judged for
 * itself: the filter is asked of its sample as though this were the sample's only annotation. So
 * {@code label = 'cat' and confidence >= 0.9} means just the labels that are cat and that sure, and
 * {@code usage = train} the labels of all training samples.
 */
public record MachineLabels(SampleFilter filter) implements Serializable {
  private static final long serialVersionUID = 1L;

  public MachineLabels {
    checkArgument(
        filter.metrics().isEmpty(),
        "Invalid selection of labels: it asks for metric.%s (expected fields and properties;"
            + " metrics are of published versions)",
        filter.metrics().isEmpty() ? "" : filter.metrics().first());
  }

  boolean contains(Sample sample, Annotation annotation) {
    return annotation.info().isByMachine()
        && filter.matches(sample.withAnnotations(List.of(annotation)));
  }
}
