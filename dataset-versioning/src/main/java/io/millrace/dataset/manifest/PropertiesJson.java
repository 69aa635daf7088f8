package io.millrace.dataset.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Properties;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link Properties} as the text of a JSON object; {@code readWritten(write(p))} equals p. */
public final class PropertiesJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private PropertiesJson() {}

  public static String write(Properties properties) {
    return ManifestJson.write(toNode(properties));
  }

  /**
   * Reads a JSON object from outside.
   *
   * @throws DatasetException if the text is no JSON object, or goes beyond the bounds of a manifest
   */
  public static Properties read(String json) {
    try {
      if (ManifestJson.read(json) instanceof ObjectNode object) {
        return ofNode(object);
      }
    } catch (JsonProcessingException e) {
      throw new DatasetException(
          "Invalid properties: " + ManifestJson.explain(e) + " (expected a JSON object)", e);
    }
    throw new DatasetException("Invalid properties: expected a JSON object");
  }

  /**
   * Reads what {@link #write} wrote, however long: what was once accepted as properties can be read
   * again.
   *
   * @throws IllegalStateException for any other text
   */
  public static Properties readWritten(String json) {
    try {
      if (ManifestJson.readWritten(json) instanceof ObjectNode object) {
        return ofNode(object);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Properties were written as broken JSON: " + json, e);
    }
    throw new IllegalStateException("Properties were written as no JSON object: " + json);
  }

  public static ObjectNode toNode(Properties properties) {
    return objectNode(properties.values());
  }

  static Properties ofNode(ObjectNode object) {
    return new Properties(map(object));
  }

  private static ObjectNode objectNode(Map<?, ?> map) {
    ObjectNode object = NODES.objectNode();
    map.forEach((name, value) -> object.set((String) name, node(value)));
    return object;
  }

  private static JsonNode node(Object value) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof String text) {
      return NODES.textNode(text);
    }
    if (value instanceof Boolean truth) {
      return NODES.booleanNode(truth);
    }
    if (value instanceof Long number) {
      return NODES.numberNode(number);
    }
    if (value instanceof BigDecimal number) {
      return DecimalNode.valueOf(number);
    }
    if (value instanceof Map<?, ?> map) {
      return objectNode(map);
    }
    if (value instanceof List<?> list) {
      ArrayNode array = NODES.arrayNode();
      list.forEach(element -> array.add(node(element)));
      return array;
    }
    throw new IllegalStateException("Properties hold no " + value.getClass());
  }

  private static Map<String, Object> map(JsonNode object) {
    Map<String, Object> map = new LinkedHashMap<>();
    object.properties().forEach(field -> map.put(field.getKey(), value(field.getValue())));
    return map;
  }

  private static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case NULL -> null;
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? (Object) node.longValue()
              : node.decimalValue();
      case OBJECT -> map(node);
      case ARRAY -> {
        List<Object> list = new ArrayList<>(node.size());
        node.forEach(element -> list.add(value(element)));
        yield list;
      }
      case BINARY, MISSING, POJO ->
          throw new IllegalStateException("A parsed JSON text holds no " + node.getNodeType());
    };
  }
}
