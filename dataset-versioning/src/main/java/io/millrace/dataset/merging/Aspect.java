package io.millrace.dataset.merging;

/** What of a sample is merged for itself. */
public enum Aspect {
  /** Whether it is in the dataset: one side removed it, the other changed it. */
  PRESENCE("removed and changed"),
  /** Its bytes: where they lie, their size and digest, what was measured of them. */
  CONTENT("content"),
  /** Which annotations it has: labels, shapes, stretches. */
  LABELS("labels"),
  /** What annotations say beyond that: who, when, how sure, properties, hard marks. */
  ANNOTATION_DETAILS("annotation details"),
  /** For what it is meant. */
  USAGE("usage"),
  /** Whether it is a hard example. */
  HARDNESS("hard mark"),
  /** Its properties, each for itself. */
  PROPERTIES("properties"),
  /** Its inference result, and fields of its manifest line that the model does not know. */
  OTHER("other fields");

  private final String words;

  Aspect(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
