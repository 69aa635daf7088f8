package io.millrace.dataset.voc;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Label;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Shape;
import io.millrace.dataset.manifest.PropertiesJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Understands the elements of one file as a {@link VocDocument}. */
final class VocParser {
  private static final Pattern MASK_COLOR =
      Pattern.compile("\\s*([0-9]{1,3})\\s*,\\s*([0-9]{1,3})\\s*,\\s*([0-9]{1,3})\\s*");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}(\\.0{1,9})?");

  private final List<VocWarning> warnings = new ArrayList<>();

  List<VocWarning> warnings() {
    return warnings;
  }

  VocDocument document(LocatedElement root) throws VocFaultException {
    if (!root.name().equals(VocNames.ANNOTATION)) {
      throw root.fault(
          VocFault.NOT_VOC, "the root element is <%s>, not <annotation>".formatted(root.name()));
    }
    if (root.children().isEmpty()) {
      return new VocDocument(Optional.empty(), List.of(), root.attributes(), List.of());
    }
    VocImage image = image(root);
    List<VocObject> objects = new ArrayList<>();
    for (LocatedElement object : root.all(VocNames.OBJECT)) {
      objects.add(object(object));
    }
    return new VocDocument(
        Optional.of(image),
        objects,
        root.attributes(),
        others(root, name -> !VocNames.OF_DOCUMENT.contains(name)));
  }

  private VocImage image(LocatedElement root) throws VocFaultException {
    String folder = required(root, VocNames.FOLDER).text();
    String filename = filled(required(root, VocNames.FILENAME));
    LocatedElement size = required(root, VocNames.SIZE);
    int width = pixels(required(size, VocNames.WIDTH));
    int height = pixels(required(size, VocNames.HEIGHT));
    Optional<LocatedElement> depth = size.only(VocNames.DEPTH).filter(VocParser::hasText);
    OptionalInt channels =
        depth.isPresent() ? OptionalInt.of(pixels(depth.get())) : OptionalInt.empty();
    boolean segmented = strictFlag(root, VocNames.SEGMENTED);
    Optional<String> maskSource =
        root.only(VocNames.MASK_SOURCE).filter(VocParser::hasText).map(LocatedElement::text);
    return valid(
        root,
        VocFault.INVALID_FIELD,
        () -> new VocImage(folder, filename, width, height, channels, segmented, maskSource));
  }

  private VocObject object(LocatedElement element) throws VocFaultException {
    Label name = label(element);
    String pose =
        element
            .only(VocNames.POSE)
            .filter(VocParser::hasText)
            .map(LocatedElement::words)
            .orElse(ObjectTraits.DEFAULT.pose());
    ObjectTraits traits =
        new ObjectTraits(
            pose,
            flag(element, VocNames.TRUNCATED),
            flag(element, VocNames.OCCLUDED),
            strictFlag(element, VocNames.DIFFICULT),
            maskColor(element));
    Hardness hardness =
        new Hardness(flag(element, VocNames.HARD), fraction(element, VocNames.HARD_COEFFICIENT));
    OptionalDouble confidence = fraction(element, VocNames.CONFIDENCE);
    Shape shape = position(element);
    List<VocPart> parts = new ArrayList<>();
    for (LocatedElement part : element.all(VocNames.PART)) {
      parts.add(part(part));
    }
    return new VocObject(
        name,
        shape,
        traits,
        hardness,
        confidence,
        properties(element),
        parts,
        others(
            element,
            other -> !VocNames.OF_OBJECT.contains(other) && !VocNames.SHAPES.contains(other)));
  }

  VocPart part(LocatedElement element) throws VocFaultException {
    return new VocPart(
        label(element),
        position(element),
        others(element, name -> !name.equals(VocNames.NAME) && !VocNames.SHAPES.contains(name)));
  }

  private Shape position(LocatedElement element) throws VocFaultException {
    List<LocatedElement> shapes =
        element.children().stream()
            .filter(child -> VocNames.SHAPES.contains(child.name()))
            .toList();
    if (shapes.isEmpty()) {
      throw element.fault(
          VocFault.NO_POSITION,
          "<%s> has no position (expected one of %s)"
              .formatted(
                  element.name(), String.join(", ", VocNames.SHAPES.stream().sorted().toList())));
    }
    if (shapes.size() > 1) {
      throw shapes
          .get(1)
          .fault(
              VocFault.SEVERAL_POSITIONS,
              "<%s> has %s positions (expected one)".formatted(element.name(), shapes.size()));
    }
    return new ShapeParser(warnings).shape(shapes.get(0));
  }

  private static Label label(LocatedElement element) throws VocFaultException {
    LocatedElement name = required(element, VocNames.NAME);
    filled(name);
    return valid(name, VocFault.INVALID_FIELD, () -> new Label(name.words()));
  }

  /**
   * Properties as pairs of {@code key} and {@code value}, each pair in a {@code property} or not,
   * or as elements whose names are the keys.
   */
  private static Properties properties(LocatedElement object) throws VocFaultException {
    Map<String, Object> values = new LinkedHashMap<>();
    for (LocatedElement list : object.all(VocNames.PROPERTIES)) {
      if (isPairs(list)) {
        readPairs(list, values);
      } else {
        for (LocatedElement property : list.children()) {
          if (property.name().equals(VocNames.PROPERTY) && isPairs(property)) {
            readPairs(property, values);
          } else {
            put(values, property.name(), property);
          }
        }
      }
    }
    return new Properties(values);
  }

  private static boolean isPairs(LocatedElement list) {
    List<LocatedElement> children = list.children();
    boolean pairs = !children.isEmpty() && children.size() % 2 == 0;
    for (int i = 0; pairs && i < children.size(); i++) {
      pairs = children.get(i).name().equals(i % 2 == 0 ? VocNames.KEY : VocNames.VALUE);
    }
    return pairs;
  }

  private static void readPairs(LocatedElement list, Map<String, Object> values)
      throws VocFaultException {
    for (int i = 0; i < list.children().size(); i += 2) {
      LocatedElement key = list.children().get(i);
      if (!(scalar(key) instanceof String name)) {
        throw key.fault(VocFault.INVALID_FIELD, "a property's key is no text");
      }
      put(values, name, list.children().get(i + 1));
    }
  }

  private static void put(Map<String, Object> values, String name, LocatedElement value)
      throws VocFaultException {
    if (values.containsKey(name)) {
      throw value.fault(VocFault.INVALID_FIELD, "the property '%s' occurs twice".formatted(name));
    }
    values.put(name, scalar(value));
  }

  /** A text, or, where the element says so, the JSON value that the text spells. */
  private static Object scalar(LocatedElement element) throws VocFaultException {
    if (!element.children().isEmpty()) {
      throw element.fault(
          VocFault.INVALID_FIELD,
          "the property <%s> holds elements (expected text)".formatted(element.name()));
    }
    if (!hasText(element)) {
      throw element.fault(
          VocFault.EMPTY_PROPERTY, "the property <%s> is empty".formatted(element.name()));
    }
    if (!VocWriter.JSON.equals(element.attributes().get(VocWriter.TYPE))) {
      return element.text().strip();
    }
    String wrapped = "{\"" + VocNames.VALUE + "\":" + element.text() + "}";
    Properties read = valid(element, VocFault.INVALID_FIELD, () -> PropertiesJson.read(wrapped));
    return read.values().get(VocNames.VALUE);
  }

  private static Optional<ObjectTraits.MaskColor> maskColor(LocatedElement object)
      throws VocFaultException {
    Optional<LocatedElement> element = object.only(VocNames.MASK_COLOR).filter(VocParser::hasText);
    if (element.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = MASK_COLOR.matcher(element.get().text());
    if (!matcher.matches()) {
      throw invalid(element.get(), "three numbers from 0 to 255, such as 193,243,53");
    }
    return Optional.of(
        valid(
            element.get(),
            VocFault.INVALID_FIELD,
            () ->
                new ObjectTraits.MaskColor(
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3)))));
  }

  /** A flag that may be missing, then it is 0, but not empty. */
  private boolean strictFlag(LocatedElement parent, String name) throws VocFaultException {
    Optional<LocatedElement> element = parent.only(name);
    if (element.isPresent()) {
      filled(element.get());
    }
    return flag(parent, name);
  }

  private boolean flag(LocatedElement parent, String name) throws VocFaultException {
    Optional<LocatedElement> element = parent.only(name).filter(VocParser::hasText);
    if (element.isEmpty()) {
      return false;
    }
    String text = element.get().text().strip().toLowerCase(Locale.ROOT);
    if (text.equals("0") || text.equals("false")) {
      return false;
    }
    if (text.equals("1") || text.equals("true")) {
      return true;
    }
    if (WHOLE.matcher(text).matches()) {
      boolean set = Double.parseDouble(text) != 0;
      warnings.add(
          new VocWarning(
              "<%s> is %s, read as %s".formatted(name, text, set ? 1 : 0),
              element.get().line(),
              element.get().column()));
      return set;
    }
    throw invalid(element.get(), "0 or 1");
  }

  private static OptionalDouble fraction(LocatedElement parent, String name)
      throws VocFaultException {
    Optional<LocatedElement> element = parent.only(name);
    if (element.isEmpty() && name.indexOf('-') >= 0) {
      element = parent.only(name.replace('-', '_'));
    }
    element = element.filter(VocParser::hasText);
    if (element.isEmpty()) {
      return OptionalDouble.empty();
    }
    OptionalDouble number = ShapeParser.number(element.get().text());
    if (number.isEmpty() || number.getAsDouble() < 0 || number.getAsDouble() > 1) {
      throw invalid(element.get(), "0 to 1");
    }
    return number;
  }

  private static int pixels(LocatedElement element) throws VocFaultException {
    String text = filled(element).strip();
    if (!WHOLE.matcher(text).matches() || Double.parseDouble(text) < 1) {
      throw invalid(element, "a whole number, at least 1");
    }
    return (int) Double.parseDouble(text);
  }

  private static LocatedElement required(LocatedElement parent, String name)
      throws VocFaultException {
    Optional<LocatedElement> element = parent.only(name);
    if (element.isEmpty()) {
      throw parent.fault(VocFault.MISSING_FIELD, "<%s> has no <%s>".formatted(parent.name(), name));
    }
    return element.get();
  }

  private static String filled(LocatedElement element) throws VocFaultException {
    if (!hasText(element)) {
      throw element.fault(VocFault.EMPTY_FIELD, "<%s> is empty".formatted(element.name()));
    }
    return element.text();
  }

  private static boolean hasText(LocatedElement element) {
    return !element.text().isBlank();
  }

  private static List<VocElement> others(LocatedElement parent, Predicate<String> isOther) {
    return parent.children().stream()
        .filter(child -> isOther.test(child.name()))
        .map(LocatedElement::plain)
        .toList();
  }

  private static VocFaultException invalid(LocatedElement element, String expected) {
    String text = element.text().strip();
    return element.fault(
        VocFault.INVALID_FIELD,
        "Invalid <%s>: '%s' (expected %s)"
            .formatted(
                element.name(), text.length() <= 80 ? text : text.substring(0, 80), expected));
  }

  private static <T> T valid(LocatedElement element, VocFault fault, Supplier<T> value)
      throws VocFaultException {
    try {
      return value.get();
    } catch (DatasetException e) {
      throw element.fault(fault, e.getMessage());
    }
  }
}
