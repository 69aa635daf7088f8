package io.millrace.dataset.labels;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.io.Serializable;

/**
 * What happened to annotations.
 *
 * @param added that were not there
 * @param changed that are there still, and differ
 * @param removed that were asked to go
 * @param relations that went because an entity they join went
 */
public record AnnotationCounts(long added, long changed, long removed, long relations)
    implements Serializable {
  public static final AnnotationCounts NONE = new AnnotationCounts(0, 0, 0, 0);

  public AnnotationCounts {
    checkArgument(
        added >= 0 && changed >= 0 && removed >= 0 && relations >= 0,
        "Invalid counts of annotations: %s added, %s changed, %s removed, %s relations",
        added,
        changed,
        removed,
        relations);
  }

  static AnnotationCounts ofAdded(long added) {
    return new AnnotationCounts(added, 0, 0, 0);
  }

  static AnnotationCounts ofChanged(long changed) {
    return new AnnotationCounts(0, changed, 0, 0);
  }

  static AnnotationCounts ofRemoved(long removed, long relations) {
    return new AnnotationCounts(0, 0, removed, relations);
  }
}
