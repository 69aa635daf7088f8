package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;

/**
 * Where in an image an object is, in pixels from the top left corner; coordinates may be fractions.
 *
 * <p>A shape is finite and well-formed; whether it lies inside its image is not its own knowledge,
 * see {@link #bounds()}.
 */
public sealed interface Shape {

  /** The smallest upright box around the shape; its area is 0 for a point. */
  BoundingBox bounds();

  /** A position, such as a key point. */
  record Point(double x, double y) implements Shape {
    public Point {
      checkFinite("point", x, y);
    }

    @Override
    public BoundingBox bounds() {
      return new BoundingBox(x, y, x, y);
    }
  }

  /** A straight line between two points, drawn solid or dashed. */
  record Line(Point from, Point to, Stroke stroke) implements Shape {
    public Line {
      requireNonNull(from, "from is null");
      requireNonNull(to, "to is null");
      requireNonNull(stroke, "stroke is null");
    }

    @Override
    public BoundingBox bounds() {
      return boundsOf(List.of(from, to));
    }
  }

  /** How a {@link Line} is drawn. */
  enum Stroke {
    SOLID,
    DASHED
  }

  /** An upright rectangle; {@code xMax >= xMin} and {@code yMax >= yMin}. */
  record BoundingBox(double xMin, double yMin, double xMax, double yMax) implements Shape {
    public BoundingBox {
      checkFinite("box", xMin, yMin, xMax, yMax);
      checkArgument(
          xMin <= xMax && yMin <= yMax,
          "Invalid box: (%s, %s, %s, %s) (expected xmin <= xmax and ymin <= ymax)",
          xMin,
          yMin,
          xMax,
          yMax);
    }

    public double width() {
      return xMax - xMin;
    }

    public double height() {
      return yMax - yMin;
    }

    /** Square pixels. */
    public double area() {
      return width() * height();
    }

    /** Area of the intersection over area of the union, 0..1; 0 for two boxes without area. */
    public double intersectionOverUnion(BoundingBox other) {
      double intersection = intersectionArea(other);
      double union = area() + other.area() - intersection;
      return union > 0 ? intersection / union : 0;
    }

    /** Square pixels that both boxes cover. */
    public double intersectionArea(BoundingBox other) {
      double width = Math.min(xMax, other.xMax) - Math.max(xMin, other.xMin);
      double height = Math.min(yMax, other.yMax) - Math.max(yMin, other.yMin);
      return width > 0 && height > 0 ? width * height : 0;
    }

    /** Whether the box lies wholly inside an image of this size. */
    public boolean isInside(int imageWidth, int imageHeight) {
      return xMin >= 0 && yMin >= 0 && xMax <= imageWidth && yMax <= imageHeight;
    }

    /** The part inside an image of this size; empty where nothing of it is. */
    public Optional<BoundingBox> clip(int imageWidth, int imageHeight) {
      double left = Math.max(0, xMin);
      double top = Math.max(0, yMin);
      double right = Math.min(imageWidth, xMax);
      double bottom = Math.min(imageHeight, yMax);
      return left < right && top < bottom
          ? Optional.of(new BoundingBox(left, top, right, bottom))
          : Optional.empty();
    }

    @Override
    public BoundingBox bounds() {
      return this;
    }
  }

  /**
   * A closed outline of at least 3 corners. Some formats repeat the first corner as the last; here
   * it is left out.
   */
  record Polygon(List<Point> corners) implements Shape {
    public Polygon {
      corners = List.copyOf(corners);
      while (corners.size() > 3 && corners.get(corners.size() - 1).equals(corners.get(0))) {
        corners = corners.subList(0, corners.size() - 1);
      }
      checkArgument(
          corners.size() >= 3, "Invalid polygon: %s corners (expected at least 3)", corners.size());
    }

    @Override
    public BoundingBox bounds() {
      return boundsOf(corners);
    }
  }

  /** An open line through at least 2 points. */
  record Polyline(List<Point> points) implements Shape {
    public Polyline {
      points = List.copyOf(points);
      checkArgument(
          points.size() >= 2, "Invalid polyline: %s points (expected at least 2)", points.size());
    }

    @Override
    public BoundingBox bounds() {
      return boundsOf(points);
    }
  }

  /** A circle; the radius is above 0. */
  record Circle(Point center, double radius) implements Shape {
    public Circle {
      requireNonNull(center, "center is null");
      checkArgument(
          radius > 0 && Double.isFinite(radius),
          "Invalid circle: radius %s (expected above 0)",
          radius);
    }

    @Override
    public BoundingBox bounds() {
      return new BoundingBox(
          center.x() - radius, center.y() - radius, center.x() + radius, center.y() + radius);
    }
  }

  /**
   * A set of pixels as run lengths, column by column as in COCO's uncompressed form: the first run
   * counts pixels outside, the runs alternate, their sum is {@code width * height}.
   */
  record Mask(int width, int height, List<Integer> runs) implements Shape {
    public Mask {
      checkArgument(
          width >= 1 && height >= 1,
          "Invalid mask: size %s x %s (expected at least 1 x 1)",
          width,
          height);
      runs = List.copyOf(runs);
      checkArgument(
          runs.stream().allMatch(run -> run >= 0), "Invalid mask: a run length is negative");
      long sum = runs.stream().mapToLong(Integer::longValue).sum();
      checkArgument(
          sum == (long) width * height,
          "Invalid mask: the runs cover %s pixels (expected %s x %s)",
          sum,
          width,
          height);
    }

    /** The box around the pixels inside; of no area at (0, 0) for an empty mask. */
    @Override
    public BoundingBox bounds() {
      int minX = Integer.MAX_VALUE;
      int minY = Integer.MAX_VALUE;
      int maxX = -1;
      int maxY = -1;
      long start = 0;
      boolean inside = false;
      for (int run : runs) {
        if (inside && run > 0) {
          int firstColumn = (int) (start / height);
          int lastColumn = (int) ((start + run - 1) / height);
          minX = Math.min(minX, firstColumn);
          maxX = Math.max(maxX, lastColumn);
          boolean wraps = lastColumn > firstColumn;
          minY = Math.min(minY, wraps ? 0 : (int) (start % height));
          maxY = Math.max(maxY, wraps ? height - 1 : (int) ((start + run - 1) % height));
        }
        start += run;
        inside = !inside;
      }
      return maxX < 0
          ? new BoundingBox(0, 0, 0, 0)
          : new BoundingBox(minX, minY, maxX + 1.0, maxY + 1.0);
    }
  }

  private static void checkFinite(String what, double... values) {
    for (double value : values) {
      checkArgument(
          Double.isFinite(value),
          "Invalid %s: coordinate %s (expected a finite number)",
          what,
          value);
    }
  }

  private static BoundingBox boundsOf(List<Point> points) {
    DoubleSummaryStatistics xs = points.stream().mapToDouble(Point::x).summaryStatistics();
    DoubleSummaryStatistics ys = points.stream().mapToDouble(Point::y).summaryStatistics();
    return new BoundingBox(xs.getMin(), ys.getMin(), xs.getMax(), ys.getMax());
  }
}
