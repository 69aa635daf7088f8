package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import java.io.Serializable;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the writers of an export know of the whole; every task has the same.
 *
 * @param name of what is exported, fit for a file name: {@code pets-V001}, or {@code pets} for the
 *     working state
 * @param staging where files are written
 * @param place where they are in the end, which files that name others must say
 * @param labels all labels of the exported samples, in alphabetical order, each once
 * @param parts that samples of the export have, in the order of declaration
 */
public record ExportPlan(
    String name,
    LabelTaskType taskType,
    MediaMode media,
    StorageUri staging,
    StorageUri place,
    List<Label> labels,
    List<ExportPart> parts)
    implements Serializable {
  public ExportPlan {
    requireNonNull(name, "name is null");
    requireNonNull(taskType, "taskType is null");
    requireNonNull(media, "media is null");
    requireNonNull(staging, "staging is null");
    requireNonNull(place, "place is null");
    labels = labels.stream().distinct().sorted().toList();
    parts = parts.stream().distinct().sorted().toList();
  }

  /** The place of a label in {@link #labels}; empty for one that is not there. */
  public OptionalInt indexOf(Label label) {
    int low = 0;
    int high = labels.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = labels.get(middle).compareTo(label);
      if (order == 0) {
        return OptionalInt.of(middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return OptionalInt.empty();
  }
}
