package io.millrace.dataset.versioning;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Label;
import io.millrace.dataset.SampleId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Why samples cannot be split, said to the user. The limits are those of ModelArts. */
final class SplitErrors {
  static final int MIN_SAMPLES_PER_LABEL = 5;
  static final int MIN_MULTI_LABEL_SAMPLES = 2;
  private static final int MOST_NAMED = 20;

  private SplitErrors() {}

  static DatasetException noLabelledSample() {
    return new DatasetException(
        "Cannot split: no sample is labelled. Label samples first, or publish without a split (ratio 1.00).");
  }

  static DatasetException tooFewSamples(Map<Label, Integer> counts) {
    List<String> offenders =
        counts.entrySet().stream()
            .map(entry -> "'" + entry.getKey() + "' has " + entry.getValue())
            .toList();
    return new DatasetException(
        "Cannot split: each label needs at least %d labelled samples, and %s. Label more samples, remove the label, or publish without a split (ratio 1.00)."
            .formatted(MIN_SAMPLES_PER_LABEL, enumerated(offenders)));
  }

  static DatasetException tooFewMultiLabelSamples(List<SampleId> samples) {
    return new DatasetException(
        "Cannot split: where samples with several labels occur, at least %d are needed, and only %s has several. Label more samples so, or give it one label."
            .formatted(
                MIN_MULTI_LABEL_SAMPLES,
                samples.stream().map(SampleId::value).collect(Collectors.joining(", "))));
  }

  static DatasetException labelInOnePartOnly(List<Label> labels) {
    List<String> offenders = labels.stream().map(label -> "'" + label + "'").toList();
    return new DatasetException(
        "Cannot split: no draw found that has each label in TRAIN and in EVAL; one of them lacks %s. Label more samples with it, or choose another seed or ratio."
            .formatted(enumerated(offenders)));
  }

  private static String enumerated(List<String> items) {
    String listed = items.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return items.size() <= MOST_NAMED
        ? listed
        : listed + " and " + (items.size() - MOST_NAMED) + " more";
  }
}
