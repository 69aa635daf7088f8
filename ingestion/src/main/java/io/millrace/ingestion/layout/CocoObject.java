package io.millrace.ingestion.layout;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Shape;
import io.millrace.ingestion.RejectReason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Understands an annotation of a COCO file. For object detection it is its {@code bbox}; for
 * segmentation its {@code segmentation}: a polygon, several of them as many objects of equal id, or
 * run lengths as a mask, compressed or not.
 *
 * @param node the annotation
 * @see <a href="https://cocodataset.org/#format-data">COCO's data format</a>
 */
record CocoObject(JsonNode node, LabelTaskType taskType) {
  private static final int BOX_NUMBERS = 4;
  private static final int FEWEST_POLYGON_NUMBERS = 6;

  List<Annotation> annotations(Map<String, String> categories) throws BrokenAnnotationException {
    String category = node.path("category_id").asText();
    String name = categories.get(category);
    if (name == null) {
      throw new BrokenAnnotationException(
          RejectReason.UNKNOWN_LABEL,
          "its category_id is '%s', which is no category of the file.".formatted(category));
    }
    try {
      Label label = new Label(name);
      AnnotationInfo info = info();
      List<Annotation> annotations = new ArrayList<>();
      for (Shape shape : shapes()) {
        annotations.add(new ImageObject(taskType, label, shape, ObjectTraits.DEFAULT, info));
      }
      return annotations;
    } catch (DatasetException e) {
      throw broken(e.getMessage());
    }
  }

  private AnnotationInfo info() throws BrokenAnnotationException {
    JsonNode score = node.path("score");
    JsonNode id = node.path("id");
    return new AnnotationInfo(
        id.isValueNode() && !id.isNull() ? Optional.of(id.asText()) : Optional.empty(),
        node.path("iscrowd").asInt() == 1
            ? new Properties(Map.of("iscrowd", 1L))
            : Properties.EMPTY,
        Hardness.NONE,
        Optional.empty(),
        Optional.empty(),
        score.isMissingNode() || score.isNull()
            ? OptionalDouble.empty()
            : OptionalDouble.of(number(score, "score").doubleValue()),
        "");
  }

  private List<Shape> shapes() throws BrokenAnnotationException {
    JsonNode segmentation = node.path("segmentation");
    boolean isSegmented =
        segmentation.isObject() || (segmentation.isArray() && !segmentation.isEmpty());
    if (taskType != LabelTaskType.IMAGE_SEGMENTATION || !isSegmented) {
      return List.of(box());
    }
    if (segmentation.isObject()) {
      return List.of(mask(segmentation));
    }
    List<Shape> polygons = new ArrayList<>();
    for (JsonNode polygon : segmentation) {
      polygons.add(polygon(polygon));
    }
    return polygons;
  }

  private Shape box() throws BrokenAnnotationException {
    JsonNode box = node.path("bbox");
    if (!box.isArray() || box.size() != BOX_NUMBERS) {
      throw brokenBox("its bbox is %s (expected x, y, width, height)", box);
    }
    BigDecimal x = number(box.get(0), "bbox");
    BigDecimal y = number(box.get(1), "bbox");
    BigDecimal width = number(box.get(2), "bbox");
    BigDecimal height = number(box.get(3), "bbox");
    if (width.signum() <= 0 || height.signum() <= 0) {
      throw brokenBox("its bbox %s has no area", box);
    }
    return new Shape.BoundingBox(
        x.doubleValue(), y.doubleValue(), x.add(width).doubleValue(), y.add(height).doubleValue());
  }

  private static Shape polygon(JsonNode polygon) throws BrokenAnnotationException {
    if (!polygon.isArray() || polygon.size() < FEWEST_POLYGON_NUMBERS || polygon.size() % 2 != 0) {
      throw broken(
          "a polygon of its segmentation has %d numbers (expected pairs, at least 3)"
              .formatted(polygon.size()));
    }
    List<Shape.Point> corners = new ArrayList<>();
    for (int i = 0; i < polygon.size(); i += 2) {
      corners.add(
          new Shape.Point(
              number(polygon.get(i), "segmentation").doubleValue(),
              number(polygon.get(i + 1), "segmentation").doubleValue()));
    }
    return new Shape.Polygon(corners);
  }

  private static Shape mask(JsonNode rle) throws BrokenAnnotationException {
    JsonNode size = rle.path("size");
    JsonNode counts = rle.path("counts");
    if (size.size() != 2 || !size.path(0).canConvertToInt() || !size.path(1).canConvertToInt()) {
      throw broken("the size of its mask is %s (expected height, width)".formatted(size));
    }
    List<Integer> runs = new ArrayList<>();
    if (counts.isTextual()) {
      runs.addAll(decompressed(counts.asText()));
    } else {
      for (JsonNode run : counts) {
        if (!run.isInt()) {
          throw broken("a run of its mask is %s (expected a whole number)".formatted(run));
        }
        runs.add(run.intValue());
      }
    }
    return new Shape.Mask(size.get(1).intValue(), size.get(0).intValue(), runs);
  }

  /**
   * The run lengths of COCO's compressed form: groups of five bits a character, the lowest first;
   * from the fourth run on the difference to the run before the last.
   *
   * @see <a href="https://github.com/cocodataset/cocoapi">cocoapi, common/maskApi.c,
   *     rleFrString</a>
   */
  private static List<Integer> decompressed(String text) throws BrokenAnnotationException {
    List<Integer> runs = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      long value = 0;
      int shift = 0;
      int group;
      do {
        group = at < text.length() ? text.charAt(at++) - 48 : -1;
        if (group < 0 || group > 63 || shift > 35) {
          throw broken("the counts of its mask are no run lengths at character %d".formatted(at));
        }
        value |= (long) (group & 0x1f) << shift;
        shift += 5;
      } while ((group & 0x20) != 0);
      if ((group & 0x10) != 0) {
        value |= -1L << shift;
      }
      value += runs.size() > 2 ? runs.get(runs.size() - 2) : 0;
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw broken("the counts of its mask hold the run length %d".formatted(value));
      }
      runs.add((int) value);
    }
    return runs;
  }

  private static BigDecimal number(JsonNode node, String key) throws BrokenAnnotationException {
    return Optional.of(node)
        .filter(JsonNode::isNumber)
        .flatMap(number -> Decimals.parse(number.asText()))
        .orElseThrow(() -> broken("its %s holds %s (expected a number)".formatted(key, node)));
  }

  private static BrokenAnnotationException brokenBox(String template, JsonNode box) {
    return new BrokenAnnotationException(RejectReason.BROKEN_BOX, (template + ".").formatted(box));
  }

  private static BrokenAnnotationException broken(String why) {
    return new BrokenAnnotationException(RejectReason.BROKEN_ANNOTATION, why + ".");
  }
}
