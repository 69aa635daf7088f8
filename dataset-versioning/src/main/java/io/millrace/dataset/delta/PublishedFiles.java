package io.millrace.dataset.delta;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.versioning.DatasetVersion;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifest and annotation files of a published version, which get their final place after the
 * commit that makes the version exist.
 *
 * <p>On a file system all of them wait in a staging directory, which is renamed. On an object
 * store, where that would be a copy of one object after the other, annotation files are written at
 * their final place, and the manifest that names them is the one object that is brought there.
 */
public final class PublishedFiles {
  private static final Logger log = LoggerFactory.getLogger(PublishedFiles.class);

  private final DatasetLayout layout;
  private final DatasetVersion version;
  private final StorageUri staging;
  private final StorageUri place;

  private PublishedFiles(DatasetLayout layout, DatasetVersion version) {
    this.layout = layout;
    this.version = version;
    this.staging = layout.staging(version.publishId());
    this.place = layout.annotation(version.name());
  }

  public static PublishedFiles of(DatasetLayout layout, DatasetVersion version) {
    return new PublishedFiles(layout, version);
  }

  /**
   * Brings the files of a committed version to their final place, where the process that committed
   * it ended before it could; does nothing where they are there. Safe to call from several
   * processes at once, and again after one that was killed at any moment.
   *
   * @throws DatasetException if they lie in neither place
   */
  public void putInPlace() {
    try {
      if (layout.isInObjectStore()) {
        StorageUri staged = layout.stagedManifest(version.name(), version.publishId());
        move(staged, layout.manifest(version.name()));
      } else {
        move(staging, place);
      }
    } catch (IOException e) {
      throw DatasetErrors.unwritable(place, e);
    }
  }

  /**
   * Gives a directory of a file system, or one object of an object store, its name. The object
   * store copies and deletes then, but shows the copy only when it is whole.
   */
  private void move(StorageUri source, StorageUri target) throws IOException {
    Path from = HadoopPaths.of(source);
    Path to = HadoopPaths.of(target);
    FileSystem files = HadoopPaths.fileSystem(place);
    if (files.exists(to)) {
      return;
    }
    if (files.exists(from) && isRenamed(files, from, to)) {
      log.info("Moved the files of a version to {}", place);
    } else if (!files.exists(to)) {
      throw new DatasetException(
          "Cannot read the version in %s: its files are missing. Restore the directory from a copy."
              .formatted(place));
    }
  }

  /** False also where another process does it at this moment, and has taken the source away. */
  private static boolean isRenamed(FileSystem files, Path from, Path to) throws IOException {
    try {
      return files.rename(from, to);
    } catch (FileNotFoundException | FileAlreadyExistsException e) {
      log.debug("Another process moved {} to {}", from, to, e);
      return false;
    }
  }

  /**
   * Removes the staging directory once the files are in place. What stays of it is in nobody's way,
   * so that a failure is but logged; the next publishing tries again.
   */
  public void removeStaging() {
    try {
      HadoopPaths.fileSystem(staging).delete(HadoopPaths.of(staging), true);
    } catch (IOException e) {
      log.warn("Could not remove {}: {}", staging, e.getMessage());
    }
  }
}
