package io.millrace.dataset.labels;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.FirstNamed;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.naming.NearestName;
import java.util.Collection;

/** What can go wrong with edits of labels, said to the user. */
public final class LabelErrors {
  private static final int MOST_NAMED = 10;

  private LabelErrors() {}

  public static DatasetException noSuchLabel(
      String operation, DatasetName dataset, Label label, Collection<String> known) {
    String start =
        "Cannot %s: no sample of %s has the label '%s'."
            .formatted(operation, dataset, label.value());
    if (known.isEmpty()) {
      return new DatasetException(
          start + " No sample has any label. Import annotations, or label add some.");
    }
    return new DatasetException(
        start
            + NearestName.of(label.value(), known)
                .map(" Did you mean '%s'?"::formatted)
                .orElseGet(() -> " Its labels are %s.".formatted(enumerated(known))));
  }

  public static DatasetException labelTaken(
      DatasetName dataset, Label old, Label taken, long samples) {
    return new DatasetException(
        "Cannot rename label '%s' of %s to '%s': %s of its samples have that label already. Choose another name, or merge the two for good with --merge."
            .formatted(old.value(), dataset, taken.value(), samples));
  }

  public static DatasetException tooManyLabels(
      String operation, DatasetName dataset, Label fresh, long labels, long limit) {
    return new DatasetException(
        "Cannot %s: dataset %s would have %s labels, '%s' among them, more than the limit (limits.labels) of %s. Nothing was changed. Delete or merge labels first."
            .formatted(operation, dataset, labels, fresh.value(), limit));
  }

  public static DatasetException noSamplesToLabel(
      String operation, DatasetName dataset, LabelTaskType taskType) {
    return new DatasetException(
        "Cannot %s: dataset %s is of %s, which has no labels. Name a dataset of another type."
            .formatted(operation, dataset, taskType));
  }

  public static DatasetException metricsAsked(String operation, String metric) {
    return new DatasetException(
        "Cannot %s by metric.%s: metrics are measured of published versions, and labels are edited in the working state. Select by fields and properties."
            .formatted(operation, metric));
  }

  public static DatasetException noManifest(StorageUri manifest) {
    return new DatasetException(
        "Cannot apply labels from %s: there is no such file. Name the manifest that holds the labels."
            .formatted(manifest));
  }

  public static DatasetException unreadableManifest(StorageUri manifest, Exception cause) {
    return new DatasetException(
        "Cannot apply labels from %s: %s. Check that it can be read."
            .formatted(manifest, cause.getMessage()),
        cause);
  }

  private static String enumerated(Collection<String> names) {
    return FirstNamed.of(names.stream().sorted().toList(), MOST_NAMED);
  }
}
