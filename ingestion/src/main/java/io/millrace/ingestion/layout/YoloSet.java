package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import java.io.Serializable;

/**
 * The images of a set, as the file that describes the source gives them.
 *
 * @param path of the list or directory, in the source; empty text for the source itself
 */
record YoloSet(ImageSet set, Form form, String path) implements Serializable {
  enum Form {
    /** A file that names the images, one a line. */
    LIST,
    /** A directory that holds them, at any depth. */
    DIRECTORY
  }

  YoloSet {
    requireNonNull(set, "set is null");
    requireNonNull(form, "form is null");
    requireNonNull(path, "path is null");
  }

  boolean isListAt(String path) {
    return form == Form.LIST && this.path.equals(path);
  }

  boolean isDirectoryOf(String file) {
    return form == Form.DIRECTORY && (path.isEmpty() || file.startsWith(path + "/"));
  }
}
