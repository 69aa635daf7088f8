package io.millrace.dataset.delta;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.versioning.DatasetVersion;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifest and annotation files of a published version, which are written in a staging
 * directory and get their final place after the commit that makes the version exist.
 */
public final class PublishedFiles {
  private static final Logger log = LoggerFactory.getLogger(PublishedFiles.class);

  private final StorageUri staging;
  private final StorageUri place;

  private PublishedFiles(StorageUri staging, StorageUri place) {
    this.staging = staging;
    this.place = place;
  }

  public static PublishedFiles of(DatasetLayout layout, DatasetVersion version) {
    return new PublishedFiles(
        layout.staging(version.publishId()), layout.annotation(version.name()));
  }

  /**
   * Moves the files of a committed version to their final place, where the process that committed
   * it ended before it could; does nothing where they are there. Safe to call from several
   * processes at once.
   *
   * @throws DatasetException if they lie in neither place
   */
  public void putInPlace() {
    Path from = HadoopPaths.of(staging);
    Path to = HadoopPaths.of(place);
    try {
      FileSystem files = HadoopPaths.fileSystem(place);
      if (files.exists(to)) {
        return;
      }
      boolean renamed = files.exists(from) && files.rename(from, to);
      if (renamed) {
        log.info("Moved the files of a version to {}", place);
      } else if (!files.exists(to)) {
        throw new DatasetException(
            "Cannot read the version in %s: its files are missing. Restore the directory from a copy."
                .formatted(place));
      }
    } catch (IOException e) {
      throw DatasetErrors.unwritable(place, e);
    }
  }
}
