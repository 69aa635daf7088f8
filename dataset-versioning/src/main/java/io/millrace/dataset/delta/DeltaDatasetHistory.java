package io.millrace.dataset.delta;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.TagName;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.versioning.DatasetHistory;
import io.millrace.dataset.versioning.DatasetInfo;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.VersionHistory;
import java.util.List;
import java.util.Optional;

/** The history of a dataset as its tables tell it, read through Delta Kernel. */
public final class DeltaDatasetHistory implements DatasetHistory {
  private final DatasetLayout layout;
  private final DatasetInfo info;
  private final VersionHistory history;

  private DeltaDatasetHistory(DatasetLayout layout, DatasetInfo info, VersionHistory history) {
    this.layout = layout;
    this.info = info;
    this.history = history;
  }

  /**
   * Reads the history as it is now.
   *
   * @throws io.millrace.dataset.DatasetException if the directory holds no dataset
   */
  public static DeltaDatasetHistory load(DatasetLayout layout) {
    DatasetInfo info = DatasetInfoTable.read(layout);
    return new DeltaDatasetHistory(layout, info, VersionLog.of(layout).read());
  }

  @Override
  public DatasetInfo info() {
    return info;
  }

  @Override
  public VersionHistory history() {
    return history;
  }

  @Override
  public List<DatasetVersion> versions() {
    return history.versions();
  }

  @Override
  public Optional<DatasetVersion> current() {
    return history.current().flatMap(history::find);
  }

  @Override
  public DatasetVersion resolve(DatasetRef ref) {
    if (versions().isEmpty()) {
      throw DatasetErrors.noVersions(ref);
    }
    DatasetVersion version = find(ref).orElseThrow(() -> notFound(ref));
    PublishedFiles.of(layout, version).putInPlace();
    return version;
  }

  private Optional<DatasetVersion> find(DatasetRef ref) {
    if (ref.isCurrent()) {
      return current();
    }
    if (ref.isLatest()) {
      return Optional.of(versions().get(versions().size() - 1));
    }
    if (ref.time().isPresent()) {
      return history.asOf(ref.time().get()).current().flatMap(history::find);
    }
    return ref.versionName().flatMap(this::named);
  }

  /** No two of versions, tags and branches share a name. */
  private Optional<DatasetVersion> named(VersionName name) {
    return history
        .find(name)
        .or(
            () ->
                Optional.ofNullable(history.tags().get(new TagName(name.value())))
                    .flatMap(history::find))
        .or(() -> history.current(new BranchName(name.value())).flatMap(history::find));
  }

  private DatasetException notFound(DatasetRef ref) {
    Optional<VersionName> deleted = ref.versionName().filter(history::isDeleted);
    return deleted.isPresent()
        ? DatasetErrors.versionDeleted(ref, history.names())
        : DatasetErrors.noVersion(ref, history);
  }
}
