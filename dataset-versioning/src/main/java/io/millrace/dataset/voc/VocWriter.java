package io.millrace.dataset.voc;

import io.millrace.dataset.Hardness;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Shape;
import io.millrace.dataset.manifest.PropertiesJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Lays a document out as XML elements in the order of ModelArts' guide, and as text. */
final class VocWriter {
  /** Marks a property's text as JSON, where plain text cannot say it. */
  static final String TYPE = "type";

  static final String JSON = "json";

  private static final String DECLARATION =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n";

  /** Up to here, doubles without fraction print as whole numbers. */
  private static final double WHOLE_BELOW = 1e15;

  private VocWriter() {}

  static String write(VocDocument document) {
    StringBuilder xml = new StringBuilder(DECLARATION);
    append(xml, element(document), 0);
    return xml.toString();
  }

  static VocElement part(VocPart part) {
    List<VocElement> children = new ArrayList<>();
    children.add(VocElement.ofText(VocNames.NAME, part.name().value()));
    children.add(shape(part.shape()));
    children.addAll(part.others());
    return VocElement.ofChildren(VocNames.PART, children);
  }

  private static VocElement element(VocDocument document) {
    List<VocElement> children = new ArrayList<>();
    document
        .image()
        .ifPresent(
            image -> {
              children.add(VocElement.ofText(VocNames.FOLDER, image.folder()));
              children.add(VocElement.ofText(VocNames.FILENAME, image.filename()));
              children.addAll(document.others());
              children.add(size(image));
              children.add(flag(VocNames.SEGMENTED, image.segmented()));
              image
                  .maskSource()
                  .ifPresent(
                      source -> children.add(VocElement.ofText(VocNames.MASK_SOURCE, source)));
            });
    document.objects().forEach(object -> children.add(object(object)));
    return new VocElement(VocNames.ANNOTATION, document.attributes(), "", children);
  }

  private static VocElement size(VocImage image) {
    List<VocElement> size = new ArrayList<>();
    size.add(VocElement.ofText(VocNames.WIDTH, Integer.toString(image.width())));
    size.add(VocElement.ofText(VocNames.HEIGHT, Integer.toString(image.height())));
    image
        .depth()
        .ifPresent(depth -> size.add(VocElement.ofText(VocNames.DEPTH, Integer.toString(depth))));
    return VocElement.ofChildren(VocNames.SIZE, size);
  }

  private static VocElement object(VocObject object) {
    ObjectTraits traits = object.traits();
    List<VocElement> children = new ArrayList<>();
    children.add(VocElement.ofText(VocNames.NAME, object.name().value()));
    children.add(VocElement.ofText(VocNames.POSE, traits.pose()));
    children.add(flag(VocNames.TRUNCATED, traits.truncated()));
    children.add(flag(VocNames.OCCLUDED, traits.occluded()));
    children.add(flag(VocNames.DIFFICULT, traits.difficult()));
    addNumber(children, VocNames.CONFIDENCE, object.confidence());
    addHardness(children, object.hardness());
    traits
        .maskColor()
        .ifPresent(
            color ->
                children.add(
                    VocElement.ofText(
                        VocNames.MASK_COLOR,
                        "%s,%s,%s".formatted(color.red(), color.green(), color.blue()))));
    children.add(shape(object.shape()));
    object.parts().forEach(part -> children.add(part(part)));
    if (!object.properties().isEmpty()) {
      children.add(properties(object.properties()));
    }
    children.addAll(object.others());
    return VocElement.ofChildren(VocNames.OBJECT, children);
  }

  private static void addHardness(List<VocElement> children, Hardness hardness) {
    addNumber(children, VocNames.HARD_COEFFICIENT, hardness.coefficient());
    if (hardness.hard()) {
      children.add(flag(VocNames.HARD, true));
    }
  }

  private static VocElement shape(Shape shape) {
    List<VocElement> numbers = new ArrayList<>();
    String name;
    if (shape instanceof Shape.Point point) {
      name = VocNames.POINT;
      addPoint(numbers, 1, point);
    } else if (shape instanceof Shape.Line line) {
      name = line.stroke() == Shape.Stroke.SOLID ? VocNames.LINE : VocNames.DASHED;
      addPoint(numbers, 1, line.from());
      addPoint(numbers, 2, line.to());
    } else if (shape instanceof Shape.BoundingBox box) {
      name = VocNames.BOX;
      addNumber(numbers, "xmin", box.xMin());
      addNumber(numbers, "ymin", box.yMin());
      addNumber(numbers, "xmax", box.xMax());
      addNumber(numbers, "ymax", box.yMax());
    } else if (shape instanceof Shape.Polygon polygon) {
      name = VocNames.POLYGON;
      addPoints(numbers, polygon.corners());
    } else if (shape instanceof Shape.Polyline polyline) {
      name = VocNames.POLYLINE;
      addPoints(numbers, polyline.points());
    } else if (shape instanceof Shape.Circle circle) {
      name = VocNames.CIRCLE;
      addNumber(numbers, "cx", circle.center().x());
      addNumber(numbers, "cy", circle.center().y());
      addNumber(numbers, "r", circle.radius());
    } else if (shape instanceof Shape.Mask mask) {
      name = VocNames.MASK;
      numbers.add(VocElement.ofText(VocNames.WIDTH, Integer.toString(mask.width())));
      numbers.add(VocElement.ofText(VocNames.HEIGHT, Integer.toString(mask.height())));
      numbers.add(
          VocElement.ofText(
              VocNames.RLE,
              mask.runs().stream().map(String::valueOf).collect(Collectors.joining(","))));
    } else {
      throw new IllegalStateException("Unknown shape " + shape);
    }
    return VocElement.ofChildren(name, numbers);
  }

  private static void addPoints(List<VocElement> numbers, List<Shape.Point> points) {
    for (int i = 0; i < points.size(); i++) {
      addPoint(numbers, i + 1, points.get(i));
    }
  }

  private static void addPoint(List<VocElement> numbers, int index, Shape.Point point) {
    addNumber(numbers, "x" + index, point.x());
    addNumber(numbers, "y" + index, point.y());
  }

  private static void addNumber(List<VocElement> children, String name, OptionalDouble value) {
    value.ifPresent(number -> addNumber(children, name, number));
  }

  private static void addNumber(List<VocElement> children, String name, double value) {
    children.add(VocElement.ofText(name, text(value)));
  }

  /** The shortest decimal that reads as the same double; no exponent where that is readable. */
  static String text(double value) {
    boolean isWhole = value == Math.rint(value) && Math.abs(value) < WHOLE_BELOW;
    boolean isNegativeZero = value == 0 && 1 / value < 0;
    if (isWhole && !isNegativeZero) {
      return Long.toString((long) value);
    }
    return Math.abs(value) >= 1e-9 && Math.abs(value) < WHOLE_BELOW
        ? new BigDecimal(Double.toString(value)).toPlainString()
        : Double.toString(value);
  }

  private static VocElement flag(String name, boolean value) {
    return VocElement.ofText(name, value ? "1" : "0");
  }

  private static VocElement properties(Properties properties) {
    List<VocElement> pairs = new ArrayList<>();
    properties
        .values()
        .forEach(
            (name, value) -> {
              pairs.add(scalar(VocNames.KEY, name));
              pairs.add(scalar(VocNames.VALUE, value));
            });
    return VocElement.ofChildren(VocNames.PROPERTIES, pairs);
  }

  private static VocElement scalar(String name, Object value) {
    boolean isPlain = value instanceof String text && !text.isEmpty() && text.strip().equals(text);
    if (isPlain) {
      return VocElement.ofText(name, (String) value);
    }
    String wrapped = PropertiesJson.write(Properties.EMPTY.with(VocNames.VALUE, value));
    String json = wrapped.substring(wrapped.indexOf(':') + 1, wrapped.length() - 1);
    return new VocElement(name, Map.of(TYPE, JSON), json, List.of());
  }

  private static void append(StringBuilder xml, VocElement element, int depth) {
    xml.append("  ".repeat(depth)).append('<').append(element.name());
    element
        .attributes()
        .forEach(
            (name, value) ->
                xml.append(' ')
                    .append(name)
                    .append("=\"")
                    .append(XmlText.escape(value))
                    .append('"'));
    if (element.children().isEmpty()) {
      if (element.text().isEmpty()) {
        xml.append("/>\n");
        return;
      }
      xml.append('>').append(XmlText.escape(element.text()));
    } else {
      xml.append(">\n");
      element.children().forEach(child -> append(xml, child, depth + 1));
      xml.append("  ".repeat(depth));
    }
    xml.append("</").append(element.name()).append(">\n");
  }
}
