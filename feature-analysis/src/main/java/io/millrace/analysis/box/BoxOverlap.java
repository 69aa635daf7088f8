package io.millrace.analysis.box;

import io.millrace.dataset.Shape.BoundingBox;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How much of each box the other boxes of its image cover together. What several of them cover
 * counts once: the area of their union is exact, strip by strip between the boxes' x coordinates.
 */
public final class BoxOverlap {
  private BoxOverlap() {}

  /** The covered share of each box, 0..1; 0 for a box without area. */
  public static double[] of(List<BoundingBox> boxes) {
    double[] shares = new double[boxes.size()];
    for (int i = 0; i < shares.length; i++) {
      BoundingBox box = boxes.get(i);
      if (box.area() > 0) {
        shares[i] = Math.min(1, unionArea(coveredParts(boxes, i)) / box.area());
      }
    }
    return shares;
  }

  /** The intersections of a box with each other one, where they have an area. */
  private static List<BoundingBox> coveredParts(List<BoundingBox> boxes, int index) {
    BoundingBox box = boxes.get(index);
    List<BoundingBox> parts = new ArrayList<>();
    for (int i = 0; i < boxes.size(); i++) {
      BoundingBox other = boxes.get(i);
      if (i != index && box.intersectionArea(other) > 0) {
        parts.add(
            new BoundingBox(
                Math.max(box.xMin(), other.xMin()),
                Math.max(box.yMin(), other.yMin()),
                Math.min(box.xMax(), other.xMax()),
                Math.min(box.yMax(), other.yMax())));
      }
    }
    parts.sort(Comparator.comparingDouble(BoundingBox::yMin));
    return parts;
  }

  /** The area of the union of boxes that are sorted by their upper edge. */
  private static double unionArea(List<BoundingBox> boxes) {
    double[] xs =
        boxes.stream()
            .flatMap(box -> List.of(box.xMin(), box.xMax()).stream())
            .mapToDouble(Double::doubleValue)
            .sorted()
            .distinct()
            .toArray();
    double area = 0;
    for (int i = 1; i < xs.length; i++) {
      area += (xs[i] - xs[i - 1]) * coveredHeight(boxes, xs[i - 1], xs[i]);
    }
    return area;
  }

  /** The height that the boxes spanning a strip cover together. */
  private static double coveredHeight(List<BoundingBox> boxes, double left, double right) {
    double height = 0;
    double reached = Double.NEGATIVE_INFINITY;
    for (BoundingBox box : boxes) {
      if (box.xMin() <= left && box.xMax() >= right && box.yMax() > reached) {
        height += box.yMax() - Math.max(box.yMin(), reached);
        reached = box.yMax();
      }
    }
    return height;
  }
}
