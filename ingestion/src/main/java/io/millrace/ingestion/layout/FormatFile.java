package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Label;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A small file of text that says how a source is laid out, such as {@code obj.data}.
 *
 * @param path in the source
 */
record FormatFile(StorageUri uri, String path, List<String> lines) {
  FormatFile {
    requireNonNull(uri, "uri is null");
    requireNonNull(path, "path is null");
    lines = List.copyOf(lines);
  }

  /**
   * Reads a file of the source.
   *
   * @param path in the source; of one that was written elsewhere the longest end that is there
   * @return empty if there is no such file
   * @throws DatasetException if it is no text, or larger than annotation files may be
   */
  static Optional<FormatFile> find(LayoutRequest request, String path) throws IOException {
    for (String end : PathEnds.of(path)) {
      Optional<StoredObject> file = request.glance().find(end);
      if (file.isPresent()) {
        return Optional.of(read(request, file.get(), end));
      }
    }
    return Optional.empty();
  }

  /** The whole text, with line ends as LF. */
  String text() {
    return String.join("\n", lines);
  }

  /** The lines of the form {@code key = value}; empty lines and those after a # do not count. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      if (equals <= 0) {
        throw ImageLayoutErrors.invalid(
            uri, "line %d is '%s' (expected key = value)".formatted(i + 1, line));
      }
      settings.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
    }
    return settings;
  }

  /** The lines as labels; empty lines may only stand at the end, since the line is the index. */
  List<String> labels() {
    List<String> labels = new ArrayList<>();
    lines.forEach(line -> labels.add(line.strip()));
    while (!labels.isEmpty() && labels.get(labels.size() - 1).isEmpty()) {
      labels.remove(labels.size() - 1);
    }
    checkLabels(uri, labels);
    return labels;
  }

  /** Checks labels whose place in the list is their index. */
  static void checkLabels(StorageUri file, List<String> labels) {
    if (labels.isEmpty()) {
      throw ImageLayoutErrors.invalid(file, "it names no label");
    }
    for (int i = 0; i < labels.size(); i++) {
      try {
        new Label(labels.get(i));
      } catch (DatasetException e) {
        throw ImageLayoutErrors.invalid(file, "label %d: %s".formatted(i, e.getMessage()));
      }
    }
  }

  private static FormatFile read(LayoutRequest request, StoredObject file, String path)
      throws IOException {
    long limit = request.limits().annotationFileBytes();
    if (file.sizeBytes() > limit) {
      throw ImageLayoutErrors.invalid(
          file.uri(),
          "it has %d bytes, the limit (limits.annotationFileBytes) is %d"
              .formatted(file.sizeBytes(), limit));
    }
    try (InputStream bytes = request.stores().of(file.uri()).open(file.uri())) {
      TextFile text = TextFile.of(file.uri(), bytes.readAllBytes());
      if (text instanceof TextFile.Broken broken) {
        throw ImageLayoutErrors.invalid(file.uri(), broken.message());
      }
      return new FormatFile(file.uri(), path, ((TextFile.Read) text).lines());
    }
  }
}
