package io.millrace.dataset.delta;

import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.versioning.DatasetHistory;
import io.millrace.dataset.versioning.DatasetInfo;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.VersionState;
import java.util.List;
import java.util.Optional;

/** The history of a dataset as its tables tell it, read through Delta Kernel. */
public final class DeltaDatasetHistory implements DatasetHistory {
  private final DatasetLayout layout;
  private final DatasetInfo info;
  private final VersionLog.State state;

  private DeltaDatasetHistory(DatasetLayout layout, DatasetInfo info, VersionLog.State state) {
    this.layout = layout;
    this.info = info;
    this.state = state;
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
  public List<DatasetVersion> versions() {
    return state.versions().stream()
        .filter(version -> version.state() == VersionState.NORMAL)
        .toList();
  }

  @Override
  public Optional<DatasetVersion> current() {
    return state.current().flatMap(state::find);
  }

  @Override
  public DatasetVersion resolve(DatasetRef ref) {
    if (versions().isEmpty()) {
      throw DatasetErrors.noVersions(ref);
    }
    DatasetVersion version =
        find(ref).orElseThrow(() -> DatasetErrors.noVersion(ref, state.names()));
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
    return ref.versionName().flatMap(state::find);
  }
}
