package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import java.io.IOException;
import java.util.List;

/**
 * Where in a source the images of a COCO file lie.
 *
 * @param directory in the source, with a slash at its end; empty text for the source itself
 * @param dropped how many names at the beginning of each {@code file_name} are not of the source
 */
record CocoPlaces(String directory, int dropped) {
  CocoPlaces {
    requireNonNull(directory, "directory is null");
  }

  /**
   * The first place by COCO's customs at which any of some images is: beside the file, in {@code
   * images/train2017}, {@code train2017}, {@code images}, in the source itself.
   *
   * @param file path of the COCO file in the source
   */
  static CocoPlaces find(StorageUri source, ObjectStore store, String file, List<String> images)
      throws IOException {
    String beside = file.substring(0, file.lastIndexOf('/') + 1);
    String name = SourceDirectory.withoutExtension(SourceDirectory.fileName(file));
    String set = name.substring(name.indexOf('_') + 1);
    List<String> directories =
        List.of(beside, "images/" + set + "/", set + "/", "images/", "", beside + "images/");
    for (String directory : directories) {
      for (String image : images) {
        List<String> ends = PathEnds.of(image);
        for (int i = 0; i < ends.size(); i++) {
          if (store.find(source.resolve(directory + ends.get(i))).isPresent()) {
            return new CocoPlaces(directory, i);
          }
        }
      }
    }
    return new CocoPlaces("", 0);
  }

  /** The path in the source of an image whose {@code file_name} has at least one name. */
  String path(String fileName) {
    List<String> ends = PathEnds.of(fileName);
    return directory + ends.get(Math.min(dropped, ends.size() - 1));
  }
}
