package io.millrace.dataset.labels;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Label;
import java.util.Collection;

/** What new labels may look like. */
public enum LabelRule {
  /** Whatever {@link Label} takes: printable text of 1 to 128 characters. */
  PRINTABLE,
  /** ModelArts' own rule: 1 to 32 of letters, digits, underscore and hyphen. */
  STRICT;

  /**
   * Fails at the first label that breaks the rule.
   *
   * @throws DatasetException that names the label and the rule
   */
  public void check(Collection<Label> labels) {
    if (this == PRINTABLE) {
      return;
    }
    labels.stream()
        .filter(label -> !label.isStrict())
        .findFirst()
        .ifPresent(
            label -> {
              throw new DatasetException(
                  "Invalid label: '%s' (expected 1 to 32 of A-Z, a-z, 0-9, _ and -, as the label rule STRICT asks)"
                      .formatted(label.value()));
            });
  }
}
