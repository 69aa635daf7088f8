package io.millrace.ingestion.layout;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Shape;
import io.millrace.ingestion.RejectReason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Understands YOLO's label files: an object a line, {@code index x_center y_center width height}
 * or, in the dialect of Ultralytics, {@code index x1 y1 x2 y2 x3 y3 ...}; all but the index are
 * shares of the image's width or height. Pixels are calculated exactly and then rounded to a
 * double.
 *
 * @param labels the classes in the order of their indexes
 * @param width of the image, in pixels
 * @param height of the image, in pixels
 */
record YoloLabelFile(
    YoloDialect dialect, LabelTaskType taskType, List<String> labels, int width, int height) {
  /** So much of the image's size may be due to rounding to six decimals. */
  private static final BigDecimal ROUNDING = new BigDecimal("0.000001");

  private static final BigDecimal HALF = new BigDecimal("0.5");
  private static final int BOX_COLUMNS = 5;
  private static final int FEWEST_POLYGON_COLUMNS = 7;
  private static final Pattern BETWEEN_COLUMNS = Pattern.compile("\\s+");

  /** The objects of a file, in its order; empty lines do not count. */
  List<Annotation> objects(List<String> lines) throws BrokenAnnotationException {
    List<Annotation> objects = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty()) {
        objects.add(object(i + 1, BETWEEN_COLUMNS.split(line)));
      }
    }
    return objects;
  }

  private Annotation object(int line, String[] columns) throws BrokenAnnotationException {
    boolean isPolygon =
        dialect == YoloDialect.ULTRALYTICS
            && columns.length >= FEWEST_POLYGON_COLUMNS
            && columns.length % 2 == 1;
    if (!isPolygon && columns.length != BOX_COLUMNS) {
      throw broken(
          RejectReason.BROKEN_ANNOTATION,
          line,
          "it has %d columns (expected %d%s)"
              .formatted(
                  columns.length,
                  BOX_COLUMNS,
                  dialect == YoloDialect.ULTRALYTICS
                      ? ", or an odd number from %d for a polygon".formatted(FEWEST_POLYGON_COLUMNS)
                      : ""));
    }
    List<BigDecimal> numbers = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      numbers.add(number(line, i + 1, columns[i]));
    }
    Label label = label(line, numbers.get(0));
    List<BigDecimal> shares = shares(line, numbers);
    Shape shape = isPolygon ? polygon(shares) : box(line, shares);
    return new ImageObject(taskType, label, shape, ObjectTraits.DEFAULT, AnnotationInfo.NONE);
  }

  private Label label(int line, BigDecimal index) throws BrokenAnnotationException {
    boolean isKnown =
        index.signum() >= 0
            && index.compareTo(BigDecimal.valueOf(labels.size())) < 0
            && index.stripTrailingZeros().scale() <= 0;
    if (!isKnown) {
      throw broken(
          RejectReason.UNKNOWN_LABEL,
          line,
          "its index is %s (expected a whole number from 0 to %d)"
              .formatted(index, labels.size() - 1));
    }
    return new Label(labels.get(index.intValue()));
  }

  private static List<BigDecimal> shares(int line, List<BigDecimal> numbers)
      throws BrokenAnnotationException {
    List<BigDecimal> shares = new ArrayList<>();
    for (int i = 1; i < numbers.size(); i++) {
      BigDecimal share = numbers.get(i);
      if (share.compareTo(ROUNDING.negate()) < 0
          || share.compareTo(BigDecimal.ONE.add(ROUNDING)) > 0) {
        throw broken(
            RejectReason.BROKEN_BOX,
            line,
            "column %d is %s (expected a share of the image's size, from 0 to 1)"
                .formatted(i + 1, share));
      }
      shares.add(share.max(BigDecimal.ZERO).min(BigDecimal.ONE));
    }
    return shares;
  }

  private Shape box(int line, List<BigDecimal> shares) throws BrokenAnnotationException {
    BigDecimal halfWidth = shares.get(2).multiply(HALF);
    BigDecimal halfHeight = shares.get(3).multiply(HALF);
    if (halfWidth.signum() == 0 || halfHeight.signum() == 0) {
      throw broken(RejectReason.BROKEN_BOX, line, "the box has no area");
    }
    return new Shape.BoundingBox(
        pixels(edge(shares.get(0).subtract(halfWidth)), width),
        pixels(edge(shares.get(1).subtract(halfHeight)), height),
        pixels(edge(shares.get(0).add(halfWidth)), width),
        pixels(edge(shares.get(1).add(halfHeight)), height));
  }

  private Shape polygon(List<BigDecimal> shares) {
    List<Shape.Point> corners = new ArrayList<>();
    for (int i = 0; i < shares.size(); i += 2) {
      corners.add(new Shape.Point(pixels(shares.get(i), width), pixels(shares.get(i + 1), height)));
    }
    return new Shape.Polygon(corners);
  }

  /** An edge that lies outside by rounding is on the image's own; any other stays. */
  private static BigDecimal edge(BigDecimal share) {
    if (share.signum() < 0 && share.compareTo(ROUNDING.negate()) >= 0) {
      return BigDecimal.ZERO;
    }
    return share.compareTo(BigDecimal.ONE) > 0 && share.compareTo(BigDecimal.ONE.add(ROUNDING)) <= 0
        ? BigDecimal.ONE
        : share;
  }

  private static double pixels(BigDecimal share, int size) {
    return share.multiply(BigDecimal.valueOf(size)).doubleValue();
  }

  private static BigDecimal number(int line, int column, String text)
      throws BrokenAnnotationException {
    return Decimals.parse(text)
        .orElseThrow(
            () ->
                broken(
                    RejectReason.BROKEN_ANNOTATION,
                    line,
                    "column %d is '%s' (expected a number)"
                        .formatted(column, text.substring(0, Math.min(40, text.length())))));
  }

  private static BrokenAnnotationException broken(RejectReason reason, int line, String why) {
    return new BrokenAnnotationException(reason, "line %d: %s.".formatted(line, why));
  }
}
