package io.millrace.ingestion.layout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Ultralytics' {@code data.yaml}: {@code names} as a list, or as a map from index to name; {@code
 * nc}, how many there are, may be missing; {@code train}, {@code val} and {@code test}, at least
 * one of them, as a directory, a list file, or several of these, relative to {@code path}. Other
 * keys do not count.
 *
 * @see <a href="https://docs.ultralytics.com/datasets/detect/">Ultralytics' documentation</a>
 */
record UltralyticsData(LayoutRequest request, FormatFile data) {
  private static final YAMLMapper MAPPER = new YAMLMapper();
  private static final List<String> NAMES_OF_VAL = List.of("val", "valid", "validation");

  YoloLayout layout() throws IOException {
    JsonNode root = root();
    List<String> labels = labels(root.path("names"));
    JsonNode count = root.path("nc");
    if (!isAbsent(count) && !count.asText().equals(Integer.toString(labels.size()))) {
      throw ImageLayoutErrors.invalid(
          data.uri(), "it says nc: %s, and names %d".formatted(count.asText(), labels.size()));
    }
    List<YoloSet> sets = new ArrayList<>();
    addSets(sets, root, "train", ImageSet.TRAIN);
    for (String key : NAMES_OF_VAL) {
      addSets(sets, root, key, ImageSet.VAL);
    }
    addSets(sets, root, "test", ImageSet.TEST);
    if (sets.isEmpty()) {
      throw ImageLayoutErrors.invalid(
          data.uri(), "it names no directory of images (expected train, val or test)");
    }
    return new YoloLayout(
        request.source(),
        YoloDialect.ULTRALYTICS,
        request.taskType(),
        labels,
        sets,
        Set.of(data.path()));
  }

  private JsonNode root() {
    try {
      JsonNode root = MAPPER.readTree(data.text());
      if (!root.isObject()) {
        throw ImageLayoutErrors.invalid(data.uri(), "it holds no keys (expected names and train)");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw ImageLayoutErrors.invalid(
          data.uri(),
          "it is no YAML at line %d: %s"
              .formatted(
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
    }
  }

  private List<String> labels(JsonNode names) {
    List<String> labels = new ArrayList<>();
    if (names.isArray()) {
      names.forEach(name -> labels.add(scalar("names", name)));
    } else if (names.isObject()) {
      labels.addAll(labelsByIndex(names));
    } else {
      throw ImageLayoutErrors.invalid(
          data.uri(), "it has no names (expected a list of labels, or index: label)");
    }
    FormatFile.checkLabels(data.uri(), labels);
    return labels;
  }

  private List<String> labelsByIndex(JsonNode names) {
    Map<Integer, String> byIndex = new TreeMap<>();
    for (Map.Entry<String, JsonNode> name : names.properties()) {
      if (!name.getKey().matches("[0-9]{1,6}")) {
        throw ImageLayoutErrors.invalid(
            data.uri(), "the index '%s' in names is no number".formatted(name.getKey()));
      }
      byIndex.put(Integer.valueOf(name.getKey()), scalar("names", name.getValue()));
    }
    for (int i = 0; i < byIndex.size(); i++) {
      if (!byIndex.containsKey(i)) {
        throw ImageLayoutErrors.invalid(
            data.uri(),
            "names has no index %d (expected 0 to %d)".formatted(i, byIndex.size() - 1));
      }
    }
    return List.copyOf(byIndex.values());
  }

  private void addSets(List<YoloSet> sets, JsonNode root, String key, ImageSet set)
      throws IOException {
    JsonNode value = root.path(key);
    if (isAbsent(value)) {
      return;
    }
    String base = isAbsent(root.path("path")) ? "" : scalar("path", root.path("path")) + "/";
    if (value.isArray()) {
      for (JsonNode element : value) {
        sets.add(set(base + scalar(key, element), key, set));
      }
    } else {
      sets.add(set(base + scalar(key, value), key, set));
    }
  }

  private YoloSet set(String path, String key, ImageSet set) throws IOException {
    List<String> ends = PathEnds.of(path);
    for (String end : ends) {
      if (request.glance().hasDirectory(end)) {
        return new YoloSet(set, YoloSet.Form.DIRECTORY, end);
      }
      if (request.glance().find(end).isPresent()) {
        return new YoloSet(set, YoloSet.Form.LIST, end);
      }
    }
    if (ends.isEmpty()) {
      return new YoloSet(set, YoloSet.Form.DIRECTORY, "");
    }
    throw ImageLayoutErrors.missing(
        request.source(),
        ImportFormat.YOLO,
        "%s, which %s gives as %s".formatted(path, data.path(), key));
  }

  private String scalar(String key, JsonNode value) {
    return Optional.of(value)
        .filter(JsonNode::isValueNode)
        .filter(node -> !node.isNull())
        .map(JsonNode::asText)
        .orElseThrow(
            () ->
                ImageLayoutErrors.invalid(
                    data.uri(), "%s holds %s (expected text)".formatted(key, value)));
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}
