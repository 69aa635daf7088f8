package io.millrace.dataset;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Free properties of a sample or an annotation: names to JSON values.
 *
 * <p>A value is a {@link String}, {@link Boolean}, {@link Long}, {@link BigDecimal}, {@link List}
 * or {@link Map} of such values, or null; numbers without fraction or exponent that fit are Longs.
 * Order is kept and does not matter for equality.
 */
public record Properties(Map<String, Object> values) {
  public static final Properties EMPTY = new Properties(Map.of());

  public Properties {
    values = copyOfMap(values);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  public Optional<Object> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** These properties with one set to another value. */
  public Properties with(String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.put(name, value);
    return new Properties(changed);
  }

  private static Map<String, Object> copyOfMap(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((name, value) -> copy.put((String) name, copyOf(value)));
    return Collections.unmodifiableMap(copy);
  }

  private static Object copyOf(Object value) {
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof BigDecimal) {
      return value;
    }
    if (value instanceof Map<?, ?> map) {
      return copyOfMap(map);
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>(list.size());
      list.forEach(element -> copy.add(copyOf(element)));
      return Collections.unmodifiableList(copy);
    }
    throw new DatasetException(
        "Invalid property value: "
            + value
            + " of "
            + value.getClass().getName()
            + " (expected text, a boolean, a number as Long or BigDecimal, a list or a map)");
  }
}
