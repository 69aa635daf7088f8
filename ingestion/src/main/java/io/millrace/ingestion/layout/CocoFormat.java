package io.millrace.ingestion.layout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** COCO: JSON files of images, annotations and categories. */
final class CocoFormat implements SourceFormat {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> FIRST_KEYS =
      Set.of("info", "licenses", "images", "annotations", "categories", "type");

  /** Directories of a source in which files are looked for. */
  private static final int MOST_DIRECTORIES = 20;

  @Override
  public ImportFormat format() {
    return ImportFormat.COCO;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.OBJECT_DETECTION, LabelTaskType.IMAGE_SEGMENTATION);
  }

  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) throws IOException {
    List<String> files = glance.isDirectory() ? files(glance) : List.of();
    return files.isEmpty()
        ? Recognition.NONE
        : new Recognition(94, "%s begins as COCO's files do".formatted(files.get(0)));
  }

  @Override
  public ImportLayout open(LayoutRequest request) throws IOException {
    if (!request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    List<String> files = files(request.glance());
    if (files.isEmpty()) {
      throw ImageLayoutErrors.missing(
          request.source(),
          format(),
          "JSON file of images and annotations, neither in annotations nor beside the images");
    }
    return new CocoLayout(request.source(), request.taskType(), files);
  }

  /** The instances files, in alphabetical order; where none is named so, all COCO files. */
  private static List<String> files(SourceGlance glance) throws IOException {
    ObjectStore store = glance.store();
    StorageUri annotations = glance.source().resolve("annotations");
    List<String> found = new ArrayList<>(files(glance, annotations));
    if (found.isEmpty()) {
      found.addAll(files(glance, glance.source()));
    }
    if (found.isEmpty()) {
      List<StorageUri> directories;
      try (Stream<StorageUri> listed = store.listDirectories(glance.source())) {
        directories = listed.limit(MOST_DIRECTORIES).toList();
      }
      for (StorageUri directory : directories) {
        found.addAll(files(glance, directory));
      }
    }
    List<String> instances =
        found.stream()
            .filter(path -> SourceDirectory.fileName(path).startsWith("instances"))
            .toList();
    return (instances.isEmpty() ? found : instances).stream().sorted().toList();
  }

  private static List<String> files(SourceGlance glance, StorageUri directory) throws IOException {
    List<StoredObject> candidates;
    try (Stream<StoredObject> files = glance.store().listFiles(directory)) {
      candidates =
          files
              .filter(file -> file.uri().fileName().toLowerCase(Locale.ROOT).endsWith(".json"))
              .filter(file -> !SourceDirectory.isHidden(glance.path(file)))
              .toList();
    }
    List<String> found = new ArrayList<>();
    for (StoredObject file : candidates) {
      if (isCoco(glance.head(file))) {
        found.add(glance.path(file));
      }
    }
    return found;
  }

  /** Whether the file is a JSON object whose first key is one of COCO's. */
  private static boolean isCoco(byte[] head) throws IOException {
    try (JsonParser parser = JSON.createParser(head)) {
      return parser.nextToken() == JsonToken.START_OBJECT
          && parser.nextToken() == JsonToken.FIELD_NAME
          && FIRST_KEYS.contains(parser.currentName());
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
