package io.millrace.ingestion.layout;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the objects of a COCO file refer to: paths of images and names of categories by their ids.
 * It is read before them, since both may stand after; it is what an import holds of a file, about a
 * hundred bytes an image.
 */
record CocoIndex(Map<String, String> images, Map<String, String> categories, CocoPlaces places) {
  /** Images that are looked up to find out where they lie. */
  private static final int MOST_LOOKED_UP = 20;

  static CocoIndex read(StorageUri source, ObjectStore store, StorageUri file, String path)
      throws IOException {
    Map<String, String> images = new HashMap<>();
    Map<String, String> categories = new HashMap<>();
    List<String> first = new ArrayList<>();
    try (CocoElements elements = CocoElements.open(store, file)) {
      while (elements.hasNext()) {
        CocoElements.Element element = elements.next();
        JsonNode id = element.node().path("id");
        if (element.section().equals(CocoElements.CATEGORIES)) {
          categories.put(id.asText(), element.node().path("name").asText());
        } else if (element.section().equals(CocoElements.IMAGES) && id.isValueNode()) {
          String name = element.node().path("file_name").asText();
          if (!PathEnds.of(name).isEmpty()) {
            images.putIfAbsent(id.asText(), name);
            if (first.size() < MOST_LOOKED_UP) {
              first.add(name);
            }
          }
        }
      }
    }
    return new CocoIndex(images, categories, CocoPlaces.find(source, store, path, first));
  }
}
