package io.millrace.dataset.voc;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An XML element that the model does not know, kept to be written back: it has a text or children,
 * not both. A text of nothing but space is none, and one over several lines has no space around.
 */
public record VocElement(
    String name, Map<String, String> attributes, String text, List<VocElement> children) {
  public VocElement {
    checkArgument(XmlText.isName(name), "Invalid element name: '%s'", name);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    text = requireNonNull(text, "text is null").isBlank() ? "" : text;
    text = text.indexOf('\n') >= 0 ? text.strip() : text;
    children = List.copyOf(children);
    checkArgument(
        text.isEmpty() || children.isEmpty(),
        "Invalid element %s: it has a text and children",
        name);
  }

  public static VocElement ofText(String name, String text) {
    return new VocElement(name, Map.of(), text, List.of());
  }

  public static VocElement ofChildren(String name, List<VocElement> children) {
    return new VocElement(name, Map.of(), "", children);
  }

  /** As property values, for keeping where XML cannot go. */
  Map<String, Object> toProperties() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", name);
    if (!attributes.isEmpty()) {
      values.put("attributes", new LinkedHashMap<String, Object>(attributes));
    }
    if (!text.isEmpty()) {
      values.put("text", text);
    }
    if (!children.isEmpty()) {
      values.put("children", children.stream().map(VocElement::toProperties).toList());
    }
    return values;
  }

  static VocElement ofProperties(Object values) {
    checkArgument(
        values instanceof Map<?, ?> map && map.get("name") instanceof String,
        "Invalid VOC element: %s (expected an object with a name)",
        values);
    Map<?, ?> map = (Map<?, ?>) values;
    Map<String, String> attributes = new LinkedHashMap<>();
    if (map.get("attributes") instanceof Map<?, ?> kept) {
      kept.forEach((name, value) -> attributes.put(String.valueOf(name), String.valueOf(value)));
    }
    List<VocElement> children = new ArrayList<>();
    if (map.get("children") instanceof List<?> kept) {
      kept.forEach(child -> children.add(ofProperties(child)));
    }
    String text = map.get("text") instanceof String kept ? kept : "";
    return new VocElement((String) map.get("name"), attributes, text, children);
  }
}
