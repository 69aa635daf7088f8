package io.millrace.dataset.delta.spark;

import io.millrace.dataset.Digest;
import io.millrace.dataset.StorageUri;
import java.nio.charset.StandardCharsets;

/** How the annotation files of a version are called. */
final class AnnotationFiles {
  /** File systems allow 255; an extension and a temporary name need some. */
  private static final int MOST_BYTES = 180;

  private AnnotationFiles() {}

  /**
   * The name of an image's annotation file without its extension: that of the image, or, where this
   * makes no good file name, the digest of its address.
   */
  static String stemOfSource(String source) {
    StorageUri uri = StorageUri.parse(source);
    String name = uri.fileName();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    boolean isGood =
        !stem.isEmpty()
            && !stem.startsWith(".")
            && stem.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES
            && stem.codePoints().noneMatch(c -> Character.isISOControl(c) || c == '/' || c == '\\');
    return isGood ? stem : Digest.ofText(source).hex();
  }
}
