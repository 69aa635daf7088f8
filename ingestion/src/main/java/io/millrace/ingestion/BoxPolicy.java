package io.millrace.ingestion;

/** What an import does with an image one of whose objects lies outside it, even partly. */
public enum BoxPolicy {
  /** Refuses the image with all its objects: its labels cannot be trusted. */
  REJECT,
  /**
   * Cuts boxes to the image and drops those of which nothing is left, each noted in the report. An
   * outlying shape that is no box still refuses the image.
   */
  CLIP,
  /** Takes the objects as they are, each noted in the report. */
  KEEP
}
