package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.ingestion.ImportFormat;

/** What a source of images can lack that its format needs. */
final class ImageLayoutErrors {
  private ImageLayoutErrors() {}

  /**
   * A file or directory that makes a source one of its format is not there.
   *
   * @param what that is, as the end of a sentence that begins with "it has no"
   */
  static DatasetException missing(StorageUri source, ImportFormat format, String what) {
    return new DatasetException(
        "Cannot import %s as %s: it has no %s. Check the address and the format."
            .formatted(source, format, what));
  }

  /** A file that says how a source is laid out cannot be understood. */
  static DatasetException invalid(StorageUri file, String why) {
    return new DatasetException(
        "Cannot import by %s: %s. Correct the file, and import again.".formatted(file, why));
  }
}
