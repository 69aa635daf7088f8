package io.millrace.dataset.labels;

import io.millrace.dataset.Label;
import io.millrace.dataset.filter.SampleFilter;

/** Selections that edits need for themselves. */
final class LabelSelections {
  /** Samples with labels of machines are among them. */
  static final SampleFilter NAMING_ANNOTATOR = SampleFilter.parse("annotated-by is not null");

  private LabelSelections() {}

  static SampleFilter having(Label label) {
    return SampleFilter.parse("label = '%s'".formatted(label.value().replace("'", "''")));
  }
}
