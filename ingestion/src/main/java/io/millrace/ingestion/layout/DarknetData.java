package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetException;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Darknet's {@code obj.data}: lines of {@code key = value} that give the file of labels ({@code
 * names}), how many there are ({@code classes}, may be missing) and the lists of images ({@code
 * train} and {@code valid}, at least one of them). Other keys do not count.
 */
record DarknetData(LayoutRequest request, FormatFile data) {
  static final String FILE_NAME = "obj.data";

  YoloLayout layout() throws IOException {
    Map<String, String> settings = data.settings();
    FormatFile names = named(settings, "names");
    List<String> labels = names.labels();
    String classes = settings.get("classes");
    if (classes != null && !classes.equals(Integer.toString(labels.size()))) {
      throw ImageLayoutErrors.invalid(
          data.uri(),
          "it says classes = %s, and %s names %d".formatted(classes, names.path(), labels.size()));
    }
    List<YoloSet> sets = new ArrayList<>();
    Set<String> ownFiles = new HashSet<>(Set.of(data.path(), names.path()));
    if (settings.containsKey("train")) {
      sets.add(list(settings, "train", ImageSet.TRAIN));
    }
    if (settings.containsKey("valid")) {
      sets.add(list(settings, "valid", ImageSet.VAL));
    }
    if (sets.isEmpty()) {
      throw ImageLayoutErrors.invalid(
          data.uri(), "it names no list of images (expected train = ..., valid = ... or both)");
    }
    return new YoloLayout(
        request.source(), YoloDialect.DARKNET, request.taskType(), labels, sets, ownFiles);
  }

  private YoloSet list(Map<String, String> settings, String key, ImageSet set) throws IOException {
    String path = required(settings, key);
    for (String end : PathEnds.of(path)) {
      if (request.glance().find(end).isPresent()) {
        return new YoloSet(set, YoloSet.Form.LIST, end);
      }
    }
    throw missing(key, path);
  }

  private FormatFile named(Map<String, String> settings, String key) throws IOException {
    String path = required(settings, key);
    return FormatFile.find(request, path).orElseThrow(() -> missing(key, path));
  }

  private String required(Map<String, String> settings, String key) {
    String value = settings.getOrDefault(key, "");
    if (value.isEmpty()) {
      throw ImageLayoutErrors.invalid(data.uri(), "it has no %s = ...".formatted(key));
    }
    return value;
  }

  private DatasetException missing(String key, String path) {
    return ImageLayoutErrors.missing(
        request.source(),
        ImportFormat.YOLO,
        "file %s, which obj.data gives as %s".formatted(path, key));
  }
}
