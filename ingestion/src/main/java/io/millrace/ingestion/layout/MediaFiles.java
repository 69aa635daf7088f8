package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.ingestion.probe.ImageType;
import io.millrace.ingestion.probe.MediaType;

/** Which files are samples of a kind, by their names. */
final class MediaFiles {
  private MediaFiles() {}

  /**
   * Whether a path is that of a sample: a file of the kind, or one that is meant to be and that is
   * refused by its type's name, as a GIF among images or an MP3 among recordings. Hidden files are
   * none.
   *
   * @param path relative to the source
   */
  static boolean accepts(DatasetKind kind, String path) {
    if (SourceDirectory.isHidden(path)) {
      return false;
    }
    return kind.accepts(path)
        || switch (kind) {
          case IMAGE -> ImageType.ofFileName(path).isPresent();
          case AUDIO, VIDEO ->
              MediaType.ofFileName(path).filter(type -> type.kind() == kind).isPresent();
          case TEXT, TABLE, FREE -> false;
        };
  }
}
