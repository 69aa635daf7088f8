package io.millrace.dataset.delta;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.versioning.DatasetVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Deletes versions, without an engine. The commit to the log is the deletion; files go after it,
 * and rows with the next collection of garbage. What was imported is never touched, neither samples
 * nor media.
 */
public final class VersionDeletion {
  private final DatasetLayout layout;

  public VersionDeletion(DatasetLayout layout) {
    this.layout = requireNonNull(layout, "layout is null");
  }

  /**
   * Deletes a version. A process that dies on the way leaves a version that is deleted, and at most
   * files that a collection of garbage removes.
   *
   * @return the version that was
   * @throws io.millrace.dataset.DatasetException if there is no such version, or a tag marks it
   */
  public DatasetVersion run(DatasetName dataset, VersionName name, Instant now) {
    DatasetVersion version = VersionLog.of(layout).delete(dataset, name, now);
    for (StorageUri address : places(version)) {
      try {
        ObjectStores.of(address).delete(address);
      } catch (IOException e) {
        throw DatasetErrors.unwritable(address, e);
      }
    }
    return version;
  }

  /** Where the files of a version lie, or lay until their last move. */
  private List<StorageUri> places(DatasetVersion version) {
    return List.of(
        layout.annotation(version.name()),
        layout.staging(version.publishId()),
        layout.index(version.publishId()));
  }
}
