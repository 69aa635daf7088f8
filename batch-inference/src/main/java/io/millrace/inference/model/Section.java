package io.millrace.inference.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.naming.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mapping of a YAML document whose keys are all known: each value is asked for by its key and
 * type, and a key that nobody can ask for is an error that names the known ones and the nearest of
 * them.
 */
final class Section {
  private final String path;
  private final JsonNode node;

  /**
   * @param path of the mapping with a dot at its end, for messages; empty text for the document
   * @param known every key there may be
   */
  Section(String path, JsonNode node, String... known) {
    if (!node.isObject()) {
      throw new DatasetException(
          "Invalid %s: %s (expected keys %s)"
              .formatted(
                  path.isEmpty() ? "document" : path.substring(0, path.length() - 1),
                  shown(node),
                  String.join(", ", known)));
    }
    this.path = path;
    this.node = node;
    node.fieldNames().forEachRemaining(key -> checkKnown(key, known));
  }

  Section section(String key, String... known) {
    return new Section(path + key + ".", require(key), known);
  }

  String text(String key) {
    JsonNode value = require(key);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw invalid(key, "a text");
    }
    return value.textValue();
  }

  Optional<String> optionalText(String key) {
    return node.has(key) ? Optional.of(text(key)) : Optional.empty();
  }

  int integer(String key) {
    JsonNode value = require(key);
    if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
      throw invalid(key, "a whole number");
    }
    return value.intValue();
  }

  int integer(String key, int absent) {
    return node.has(key) ? integer(key) : absent;
  }

  double number(String key) {
    JsonNode value = require(key);
    if (!value.isNumber()) {
      throw invalid(key, "a number");
    }
    return value.doubleValue();
  }

  List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode element : list(key, "a list of numbers")) {
      if (!element.isNumber()) {
        throw invalid(key, "a list of numbers");
      }
      numbers.add(element.doubleValue());
    }
    return numbers;
  }

  /** A list of texts; YAML numbers are taken as they are written only if they were quoted. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : list(key, "a list of texts")) {
      if (!element.isTextual()) {
        throw invalid(key, "a list of texts; put numbers and words like yes or no in quotes");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** One of the constants of an enum, in any case. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    String text = text(key);
    return Stream.of(type.getEnumConstants())
        .filter(constant -> constant.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                invalid(
                    key,
                    "one of "
                        + Stream.of(type.getEnumConstants())
                            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "))));
  }

  private JsonNode list(String key, String expected) {
    JsonNode value = require(key);
    if (!value.isArray()) {
      throw invalid(key, expected);
    }
    return value;
  }

  private JsonNode require(String key) {
    JsonNode value = node.path(key);
    if (value instanceof MissingNode || value.isNull()) {
      throw new DatasetException("Missing %s%s".formatted(path, key));
    }
    return value;
  }

  private DatasetException invalid(String key, String expected) {
    return new DatasetException(
        "Invalid %s%s: %s (expected %s)".formatted(path, key, shown(node.path(key)), expected));
  }

  private void checkKnown(String key, String... known) {
    if (Stream.of(known).noneMatch(key::equals)) {
      String hint =
          NearestName.of(key, List.of(known))
              .map(name -> "did you mean %s%s? ".formatted(path, name))
              .orElse("");
      throw new DatasetException(
          "Unknown key %s%s (%sknown: %s)".formatted(path, key, hint, String.join(", ", known)));
    }
  }

  private static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
