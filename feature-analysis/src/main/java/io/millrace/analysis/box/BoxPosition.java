package io.millrace.analysis.box;

import io.millrace.dataset.Shape.BoundingBox;

/** Where in its image a box lies. */
public final class BoxPosition {
  private BoxPosition() {}

  /**
   * How near to the border a box lies: the distance of its centre from the image's centre, as a
   * share of the distance to the border along the same ray; 0..1, and 1 for centres outside.
   *
   * <p>Along a ray both offsets grow at the same rate until one reaches half the image's side, so
   * the share is the larger of the two offsets, each over half its side.
   */
  public static double margin(BoundingBox box, int imageWidth, int imageHeight) {
    double offsetX = Math.abs((box.xMin() + box.xMax()) / imageWidth - 1);
    double offsetY = Math.abs((box.yMin() + box.yMax()) / imageHeight - 1);
    return Math.min(1, Math.max(offsetX, offsetY));
  }
}
