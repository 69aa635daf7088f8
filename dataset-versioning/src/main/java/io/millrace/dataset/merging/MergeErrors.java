package io.millrace.dataset.merging;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.FirstNamed;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StateRef;
import java.util.List;

/** What merges tell users that did not come to be. */
public final class MergeErrors {
  private static final int MOST_NAMED = 5;

  private MergeErrors() {}

  public static DatasetException conflicts(
      StateRef source, StateRef target, MergePolicy policy, long count, List<MergeConflict> first) {
    return new DatasetException(
        "Cannot merge %s into %s: both sides changed %s %s in different ways, and %s settles none of it: %s. Nothing was changed. List them with --dry-run, settle them or choose another --on-conflict (ours, theirs, union-labels)."
            .formatted(
                source,
                target,
                count,
                count == 1 ? "sample" : "samples",
                policy.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                FirstNamed.of(first, "; ", MOST_NAMED, count)));
  }

  public static DatasetException otherTaskType(
      StateRef source, LabelTaskType ofSource, StateRef target, LabelTaskType ofTarget) {
    return new DatasetException(
        "Cannot merge %s into %s: the one is of %s, the other of %s. Merge datasets of one type."
            .formatted(source, target, ofSource, ofTarget));
  }

  public static DatasetException ofTables(String verb, StateRef state) {
    return new DatasetException(
        "Cannot %s %s: it is a table, whose rows have no ids by which to know them again. Import into the table instead, or create another."
            .formatted(verb, state));
  }

  public static DatasetException withItself(StateRef state) {
    return new DatasetException(
        "Cannot merge %s into itself. Name another branch, version or dataset as the source."
            .formatted(state));
  }
}
