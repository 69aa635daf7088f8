package io.millrace.ingestion.layout;

import io.millrace.dataset.StorageUri;
import java.io.Serializable;
import java.util.Arrays;

/** The directory that is imported, and paths relative to it. */
record SourceDirectory(StorageUri uri) implements Serializable {

  /**
   * The path from here to an object below, names separated by slashes; the file name of a source
   * that is itself the object.
   */
  String relativePath(StorageUri object) {
    return object.path().equals(uri.path()) ? object.fileName() : uri.relativize(object);
  }

  /**
   * Whether a file is some system's own: it or a directory above begins with a dot ({@code
   * .DS_Store}, macOS' {@code ._X.jpg}, which is no image), or lies in {@code __MACOSX}.
   */
  static boolean isHidden(String relativePath) {
    return Arrays.stream(relativePath.split("/"))
        .anyMatch(name -> name.startsWith(".") || name.equals("__MACOSX"));
  }

  /** A path without the extension of its file name. */
  static String withoutExtension(String path) {
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') ? path.substring(0, dot) : path;
  }

  /** The last name of a path. */
  static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
