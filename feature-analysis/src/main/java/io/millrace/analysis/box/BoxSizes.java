package io.millrace.analysis.box;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.Shape.BoundingBox;
import java.util.List;

/** How large and of what form boxes are. Boxes are taken as annotated, not clipped to the image. */
public final class BoxSizes {
  private BoxSizes() {}

  /** Height / width of a box that has an area. */
  public static double aspectRatio(BoundingBox box) {
    checkArgument(box.area() > 0, "Cannot take the aspect ratio of %s: it has no area", box);
    return box.height() / box.width();
  }

  /** Area of the box / area of the image; above 1 only for a box that reaches out of the image. */
  public static double areaRatio(BoundingBox box, int imageWidth, int imageHeight) {
    return box.area() / ((double) imageWidth * imageHeight);
  }

  /** Population standard deviation of the area ratios; 0 for one box; at least one is needed. */
  public static double areaRatioDeviation(
      List<BoundingBox> boxes, int imageWidth, int imageHeight) {
    checkArgument(!boxes.isEmpty(), "Cannot take the deviation of box areas: there is no box");
    double[] ratios =
        boxes.stream().mapToDouble(box -> areaRatio(box, imageWidth, imageHeight)).toArray();
    double mean = 0;
    for (double ratio : ratios) {
      mean += ratio / ratios.length;
    }
    double variance = 0;
    for (double ratio : ratios) {
      variance += (ratio - mean) * (ratio - mean) / ratios.length;
    }
    return boxes.size() == 1 ? 0 : Math.sqrt(variance);
  }
}
