package io.millrace.dataset.labels;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Properties;

/**
 * What an edit did to a dataset.
 *
 * @param selected samples that were asked for and that the edit can change at all
 * @param changed of these, those that differ afterwards
 * @param deleted of these, those that are no longer there
 */
public record LabelEditCounts(
    long selected, long changed, long deleted, AnnotationCounts annotations) {
  public LabelEditCounts {
    requireNonNull(annotations, "annotations is null");
    checkArgument(
        changed >= 0 && deleted >= 0 && changed + deleted <= selected,
        "Invalid counts of samples: %s changed and %s deleted of %s",
        changed,
        deleted,
        selected);
  }

  /** Whether the dataset is as it was. */
  public boolean isNothing() {
    return changed == 0 && deleted == 0;
  }

  public Properties toProperties() {
    return Properties.EMPTY
        .with("samples-selected", selected)
        .with("samples-changed", changed)
        .with("samples-deleted", deleted)
        .with("labels-added", annotations.added())
        .with("labels-changed", annotations.changed())
        .with("labels-removed", annotations.removed())
        .with("relations-removed", annotations.relations());
  }
}
