package io.millrace.dataset.export.format;

import io.millrace.dataset.Shape;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.dataset.Shape.Point;
import io.millrace.dataset.Shape.Polygon;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shapes as boxes or polygons, for formats that know no others. */
final class Outlines {
  /** Corners of the polygon in place of a circle; its area is 0.6 % less. */
  private static final int CORNERS_OF_CIRCLE = 32;

  private Outlines() {}

  /** The box around the shape, cut to the image; empty where nothing of any area is left. */
  static Optional<BoundingBox> box(Shape shape, int width, int height) {
    return shape.bounds().clip(width, height).map(Outlines::withoutNegativeZero);
  }

  /**
   * The shape as a polygon, each corner moved into the image: itself, a box' corners, points of a
   * circle; of all other shapes the box around them. Empty where nothing of any area is left.
   */
  static Optional<Polygon> polygon(Shape shape, int width, int height) {
    List<Point> corners = new ArrayList<>();
    if (shape instanceof Polygon polygon) {
      corners.addAll(polygon.corners());
    } else if (shape instanceof Shape.Circle circle) {
      corners.addAll(around(circle).corners());
    } else {
      BoundingBox box = shape.bounds();
      corners.add(new Point(box.xMin(), box.yMin()));
      corners.add(new Point(box.xMax(), box.yMin()));
      corners.add(new Point(box.xMax(), box.yMax()));
      corners.add(new Point(box.xMin(), box.yMax()));
    }
    Polygon moved =
        new Polygon(
            corners.stream()
                .map(corner -> new Point(within(corner.x(), width), within(corner.y(), height)))
                .toList());
    return area(moved) > 0 ? Optional.of(moved) : Optional.empty();
  }

  /** A polygon whose corners lie on a circle. */
  static Polygon around(Shape.Circle circle) {
    List<Point> corners = new ArrayList<>();
    for (int i = 0; i < CORNERS_OF_CIRCLE; i++) {
      double angle = 2 * Math.PI * i / CORNERS_OF_CIRCLE;
      corners.add(
          new Point(
              rounded(circle.center().x() + circle.radius() * Math.cos(angle)),
              rounded(circle.center().y() + circle.radius() * Math.sin(angle))));
    }
    return new Polygon(corners);
  }

  /** Square pixels, by the shoelace formula. */
  static double area(Polygon polygon) {
    double twice = 0;
    List<Point> corners = polygon.corners();
    for (int i = 0; i < corners.size(); i++) {
      Point from = corners.get(i);
      Point to = corners.get((i + 1) % corners.size());
      twice += from.x() * to.y() - to.x() * from.y();
    }
    return Math.abs(twice) / 2;
  }

  /** To a millionth of a pixel, since more digits would be noise of the calculation. */
  private static double rounded(double coordinate) {
    return Math.rint(coordinate * 1e6) / 1e6 + 0.0;
  }

  private static double within(double coordinate, int size) {
    return Math.min(Math.max(coordinate, 0), size) + 0.0;
  }

  private static BoundingBox withoutNegativeZero(BoundingBox box) {
    return new BoundingBox(box.xMin() + 0.0, box.yMin() + 0.0, box.xMax(), box.yMax());
  }
}
