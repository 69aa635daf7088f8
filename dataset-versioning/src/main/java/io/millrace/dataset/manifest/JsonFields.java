package io.millrace.dataset.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Properties;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The fields of one JSON object, taken out by name; what nobody took is foreign and is kept.
 *
 * <p>A hyphenated name is also found with underscores. A null and an empty text say nothing, as if
 * the field were not there.
 */
final class JsonFields {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]{1,40}(\\.[0-9]{0,40})?([eE][+-]?[0-9]{1,3})?");

  private final ObjectNode object;
  private final JsonPointer place;
  private final Set<String> taken = new HashSet<>();

  JsonFields(ObjectNode object, JsonPointer place) {
    this.object = object;
    this.place = place;
  }

  /** The value of a field, of whatever type. */
  Optional<JsonNode> value(String name) {
    String spelling = spelling(name);
    JsonNode value = object.get(spelling);
    if (value == null) {
      return Optional.empty();
    }
    taken.add(spelling);
    boolean isSilent = value.isNull() || (value.isTextual() && value.textValue().isEmpty());
    return isSilent ? Optional.empty() : Optional.of(value);
  }

  /** The text of a field; numbers and booleans count as their own text. */
  Optional<String> text(String name) throws InvalidFieldException {
    Optional<JsonNode> value = value(name);
    if (value.isPresent() && value.get().isContainerNode()) {
      throw invalid(name, "expected text");
    }
    return value.map(JsonNode::asText);
  }

  String requiredText(String name) throws InvalidFieldException {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      throw missing(name);
    }
    return text.get();
  }

  /** A domain value made of a field's text; the domain's refusal becomes this field's. */
  <T> Optional<T> parsed(String name, Function<String, T> parser) throws InvalidFieldException {
    Optional<String> text = text(name);
    return text.isEmpty() ? Optional.empty() : Optional.of(parse(name, text.get(), parser));
  }

  <T> T requiredParsed(String name, Function<String, T> parser) throws InvalidFieldException {
    return parse(name, requiredText(name), parser);
  }

  /** A number, or a text that spells one. */
  Optional<BigDecimal> number(String name) throws InvalidFieldException {
    Optional<JsonNode> value = value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get().isNumber()) {
      return Optional.of(value.get().decimalValue());
    }
    String text = value.get().isTextual() ? value.get().textValue().strip() : "";
    if (!NUMBER.matcher(text).matches()) {
      throw invalid(name, "expected a number");
    }
    return Optional.of(new BigDecimal(text));
  }

  /** A number from 0 to 1. */
  OptionalDouble fraction(String name) throws InvalidFieldException {
    Optional<BigDecimal> number = number(name);
    if (number.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (number.get().signum() < 0 || number.get().compareTo(BigDecimal.ONE) > 0) {
      throw invalid(name, "expected 0 to 1");
    }
    return OptionalDouble.of(number.get().doubleValue());
  }

  int requiredInteger(String name) throws InvalidFieldException {
    Optional<BigDecimal> number = number(name);
    if (number.isEmpty()) {
      throw missing(name);
    }
    try {
      return number.get().intValueExact();
    } catch (ArithmeticException e) {
      throw invalid(name, "expected a whole number");
    }
  }

  /** {@code hard} as a boolean or its text in any case, and {@code hard-coefficient}. */
  Hardness hardness() throws InvalidFieldException {
    String hard = text("hard").orElse("false").strip().toLowerCase(Locale.ROOT);
    if (!hard.equals("true") && !hard.equals("false")) {
      throw invalid("hard", "expected true or false");
    }
    return new Hardness(hard.equals("true"), fraction("hard-coefficient"));
  }

  /** An object of free properties, or a text that holds one. */
  JsonFields nested(String name) throws InvalidFieldException {
    Optional<JsonNode> value = value(name);
    JsonNode node = value.isEmpty() ? ManifestJson.newObject() : value.get();
    if (node.isTextual()) {
      node = readNested(name, node.textValue());
    }
    if (node instanceof ObjectNode fields) {
      return new JsonFields(fields, placeOf(name));
    }
    throw invalid(name, "expected an object or the text of one");
  }

  /** What nobody took, as properties. */
  Properties rest() {
    return PropertiesJson.ofNode(foreignNode());
  }

  /** What nobody took, as the text of a JSON object; empty text if all was taken. */
  String foreign() {
    ObjectNode foreign = foreignNode();
    return foreign.isEmpty() ? "" : ManifestJson.write(foreign);
  }

  /** Leaves a field that was taken among the foreign ones after all. */
  void giveBack(String name) {
    taken.remove(spelling(name));
  }

  boolean has(String name) {
    return object.has(name);
  }

  JsonPointer placeOf(String name) {
    return place.appendProperty(spelling(name));
  }

  InvalidFieldException missing(String name) {
    return new InvalidFieldException(
        ManifestFault.MISSING_FIELD, place, "the field \"%s\" is missing".formatted(name));
  }

  InvalidFieldException invalid(String name, String why) {
    JsonNode value = object.path(spelling(name));
    return new InvalidFieldException(
        ManifestFault.INVALID_FIELD,
        placeOf(name),
        "Invalid %s: %s (%s)".formatted(name, abbreviated(value), why));
  }

  <T> T parse(String name, String text, Function<String, T> parser) throws InvalidFieldException {
    try {
      return parser.apply(text);
    } catch (DatasetException e) {
      throw new InvalidFieldException(
          ManifestFault.INVALID_FIELD, placeOf(name), "%s: %s".formatted(name, e.getMessage()));
    }
  }

  private JsonNode readNested(String name, String text) throws InvalidFieldException {
    try {
      JsonNode node = ManifestJson.read(text);
      if (ManifestJson.holdsLoneSurrogate(node)) {
        throw invalid(name, "half of a surrogate pair stands alone");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw invalid(name, "the text is no JSON object: " + ManifestJson.explain(e));
    }
  }

  private ObjectNode foreignNode() {
    ObjectNode foreign = ManifestJson.newObject();
    object
        .properties()
        .forEach(
            field -> {
              if (!taken.contains(field.getKey())) {
                foreign.set(field.getKey(), field.getValue());
              }
            });
    return foreign;
  }

  private String spelling(String name) {
    String underscored = name.replace('-', '_');
    return !object.has(name) && object.has(underscored) ? underscored : name;
  }

  private static String abbreviated(JsonNode value) {
    String text = value.isTextual() ? "'" + value.textValue() + "'" : value.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
