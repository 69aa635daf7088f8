package io.millrace.dataset.delta;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.DiffCounts;
import io.millrace.dataset.versioning.VersionDiff;
import io.millrace.dataset.versioning.VersionIndex;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** Compares versions by what their publishing noted of each sample: no table is opened. */
public final class VersionIndexes {
  private VersionIndexes() {}

  /**
   * How two versions of a dataset differ. Reads 25 bytes a sample of each.
   *
   * @throws DatasetException if an index is missing or damaged, or the versions are of a table,
   *     whose rows have no ids
   */
  public static VersionDiff diff(DatasetLayout layout, DatasetVersion from, DatasetVersion to) {
    if (to.taskType().kind() == DatasetKind.TABLE) {
      throw DatasetErrors.rowsWithoutIds(from.name(), to.name());
    }
    StorageUri before = layout.index(from.publishId());
    StorageUri after = layout.index(to.publishId());
    try (InputStream left = open(before, from);
        InputStream right = open(after, to)) {
      DiffCounts counts = VersionIndex.diff(left, right);
      return VersionDiff.of(from, to, counts);
    } catch (IOException e) {
      throw new DatasetException(
          "Cannot compare %s with %s: an index in %s cannot be read (%s). Restore it from a copy, or compare the rows with --rows."
              .formatted(from.name(), to.name(), before.parent().orElse(before), e.getMessage()),
          e);
    }
  }

  private static InputStream open(StorageUri index, DatasetVersion version) throws IOException {
    try {
      return ObjectStores.of(index).open(index);
    } catch (FileNotFoundException e) {
      throw new DatasetException(
          "Cannot compare %s: its index %s is missing. Restore it from a copy, or compare the rows with --rows."
              .formatted(version.name(), index),
          e);
    }
  }
}
