package io.millrace.dataset.voc;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Understands the element that says where an object is. */
final class ShapeParser {
  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?([0-9]{1,330}(\\.[0-9]{0,330})?|\\.[0-9]{1,330})([eE][+-]?[0-9]{1,3})?");
  private static final Pattern COORDINATE = Pattern.compile("([xy])([1-9][0-9]{0,6})");
  private static final Pattern RUN = Pattern.compile("[0-9]{1,9}");
  private static final Pattern BETWEEN_RUNS = Pattern.compile("[\\s,]+");

  private final List<VocWarning> warnings;

  ShapeParser(List<VocWarning> warnings) {
    this.warnings = warnings;
  }

  Shape shape(LocatedElement element) throws VocFaultException {
    VocFault fault =
        element.name().equals(VocNames.BOX) ? VocFault.BROKEN_BOX : VocFault.BROKEN_SHAPE;
    try {
      return switch (element.name()) {
        case VocNames.POINT -> point(element);
        case VocNames.LINE -> line(element, Shape.Stroke.SOLID);
        case VocNames.DASHED -> line(element, Shape.Stroke.DASHED);
        case VocNames.BOX -> box(element);
        case VocNames.POLYGON -> new Shape.Polygon(points(element));
        case VocNames.POLYLINE -> new Shape.Polyline(points(element));
        case VocNames.CIRCLE -> circle(element);
        case VocNames.MASK -> mask(element);
        default -> throw new IllegalStateException("Unknown shape " + element.name());
      };
    } catch (DatasetException e) {
      throw element.fault(fault, e.getMessage());
    }
  }

  /** A decimal number; empty for anything else and for one that is too large. */
  static OptionalDouble number(String text) {
    String stripped = text.strip();
    if (isShortWhole(stripped)) {
      return OptionalDouble.of(Integer.parseInt(stripped));
    }
    if (!NUMBER.matcher(stripped).matches()) {
      return OptionalDouble.empty();
    }
    double number = Double.parseDouble(stripped);
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  /** Whether it is digits alone, few enough for an int: what nearly every coordinate is. */
  private static boolean isShortWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 9;
  }

  private static Shape point(LocatedElement element) throws VocFaultException {
    Map<String, Double> numbers = numbers(element);
    boolean isNumbered = numbers.containsKey("x1") || numbers.containsKey("y1");
    String x = isNumbered ? "x1" : "x";
    String y = isNumbered ? "y1" : "y";
    checkNames(element, numbers, List.of(x, y));
    return new Shape.Point(numbers.get(x), numbers.get(y));
  }

  private static Shape line(LocatedElement element, Shape.Stroke stroke) throws VocFaultException {
    Map<String, Double> numbers = numbers(element);
    checkNames(element, numbers, List.of("x1", "y1", "x2", "y2"));
    return new Shape.Line(
        new Shape.Point(numbers.get("x1"), numbers.get("y1")),
        new Shape.Point(numbers.get("x2"), numbers.get("y2")),
        stroke);
  }

  private static Shape circle(LocatedElement element) throws VocFaultException {
    Map<String, Double> numbers = numbers(element);
    checkNames(element, numbers, List.of("cx", "cy", "r"));
    return new Shape.Circle(
        new Shape.Point(numbers.get("cx"), numbers.get("cy")), numbers.get("r"));
  }

  private Shape box(LocatedElement element) throws VocFaultException {
    Map<String, Double> numbers = numbers(withSecondYMinAsYMax(element));
    checkNames(element, numbers, List.of("xmin", "ymin", "xmax", "ymax"));
    double xMin = numbers.get("xmin");
    double yMin = numbers.get("ymin");
    double xMax = numbers.get("xmax");
    double yMax = numbers.get("ymax");
    if (xMin >= xMax || yMin >= yMax) {
      throw element.fault(
          VocFault.BROKEN_BOX,
          "Invalid box: (%s, %s, %s, %s) (expected xmin < xmax and ymin < ymax)"
              .formatted(xMin, yMin, xMax, yMax));
    }
    return new Shape.BoundingBox(xMin, yMin, xMax, yMax);
  }

  /** ModelArts' guide writes the lower edge as a second {@code ymin}. */
  private LocatedElement withSecondYMinAsYMax(LocatedElement box) {
    if (box.all("ymin").size() != 2 || !box.all("ymax").isEmpty()) {
      return box;
    }
    LocatedElement second = box.all("ymin").get(1);
    warnings.add(
        new VocWarning(
            "<ymin> occurs twice, the second is read as <ymax>", second.line(), second.column()));
    List<LocatedElement> children = new ArrayList<>(box.children());
    children.set(
        children.lastIndexOf(second),
        new LocatedElement(
            "ymax",
            second.attributes(),
            second.text(),
            second.children(),
            second.line(),
            second.column()));
    return new LocatedElement(
        box.name(), box.attributes(), box.text(), children, box.line(), box.column());
  }

  private static List<Shape.Point> points(LocatedElement element) throws VocFaultException {
    TreeMap<Integer, Double> xs = new TreeMap<>();
    TreeMap<Integer, Double> ys = new TreeMap<>();
    for (Map.Entry<String, Double> number : numbers(element).entrySet()) {
      Matcher matcher = COORDINATE.matcher(number.getKey());
      if (!matcher.matches()) {
        throw element.fault(
            VocFault.BROKEN_SHAPE,
            "<%s> holds <%s> (expected x1, y1, x2, y2 and so on)"
                .formatted(element.name(), number.getKey()));
      }
      (matcher.group(1).equals("x") ? xs : ys)
          .put(Integer.parseInt(matcher.group(2)), number.getValue());
    }
    if (!xs.keySet().equals(ys.keySet())) {
      throw element.fault(
          VocFault.BROKEN_SHAPE,
          "<%s> has %s x and %s y coordinates that do not pair up"
              .formatted(element.name(), xs.size(), ys.size()));
    }
    List<Shape.Point> points = new ArrayList<>(xs.size());
    xs.forEach((index, x) -> points.add(new Shape.Point(x, ys.get(index))));
    return points;
  }

  private static Shape mask(LocatedElement element) throws VocFaultException {
    List<Integer> runs = new ArrayList<>();
    Map<String, Double> numbers = new HashMap<>();
    for (LocatedElement child : element.children()) {
      if (child.name().equals(VocNames.RLE) && runs.isEmpty()) {
        runs.addAll(runs(child));
      } else {
        putNumber(element, child, numbers);
      }
    }
    checkNames(element, numbers, List.of(VocNames.WIDTH, VocNames.HEIGHT));
    return new Shape.Mask(
        pixels(element, numbers.get(VocNames.WIDTH)),
        pixels(element, numbers.get(VocNames.HEIGHT)),
        runs);
  }

  private static int pixels(LocatedElement element, double number) throws VocFaultException {
    if (number != Math.rint(number) || number < 1 || number > Integer.MAX_VALUE) {
      throw element.fault(
          VocFault.BROKEN_SHAPE,
          "Invalid mask: size %s (expected a whole number, at least 1)".formatted(number));
    }
    return (int) number;
  }

  private static List<Integer> runs(LocatedElement element) throws VocFaultException {
    List<Integer> runs = new ArrayList<>();
    for (String run : BETWEEN_RUNS.split(element.text().strip(), -1)) {
      if (!RUN.matcher(run).matches()) {
        throw element.fault(
            VocFault.BROKEN_SHAPE,
            "<%s> holds '%s' (expected run lengths separated by commas)"
                .formatted(element.name(), run.length() <= 40 ? run : run.substring(0, 40)));
      }
      runs.add(Integer.valueOf(run));
    }
    return runs;
  }

  private static Map<String, Double> numbers(LocatedElement shape) throws VocFaultException {
    Map<String, Double> numbers = new HashMap<>();
    for (LocatedElement child : shape.children()) {
      putNumber(shape, child, numbers);
    }
    return numbers;
  }

  private static void putNumber(
      LocatedElement shape, LocatedElement child, Map<String, Double> numbers)
      throws VocFaultException {
    VocFault fault =
        shape.name().equals(VocNames.BOX) ? VocFault.BROKEN_BOX : VocFault.BROKEN_SHAPE;
    OptionalDouble number =
        child.children().isEmpty() ? number(child.text()) : OptionalDouble.empty();
    if (number.isEmpty()) {
      String text = child.text().strip();
      throw child.fault(
          fault,
          "Invalid <%s> of <%s>: '%s' (expected a number)"
              .formatted(
                  child.name(), shape.name(), text.length() <= 40 ? text : text.substring(0, 40)));
    }
    if (numbers.put(child.name(), number.getAsDouble()) != null) {
      throw child.fault(fault, "<%s> occurs twice in <%s>".formatted(child.name(), shape.name()));
    }
  }

  private static void checkNames(
      LocatedElement shape, Map<String, Double> numbers, List<String> names)
      throws VocFaultException {
    if (numbers.size() != names.size() || !numbers.keySet().containsAll(names)) {
      throw shape.fault(
          shape.name().equals(VocNames.BOX) ? VocFault.BROKEN_BOX : VocFault.BROKEN_SHAPE,
          "<%s> holds %s (expected %s)"
              .formatted(
                  shape.name(),
                  numbers.isEmpty()
                      ? "nothing"
                      : String.join(", ", numbers.keySet().stream().sorted().limit(8).toList()),
                  String.join(", ", names)));
    }
  }
}
