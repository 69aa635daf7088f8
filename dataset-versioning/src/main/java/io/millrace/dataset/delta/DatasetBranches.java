package io.millrace.dataset.delta;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.dataset.versioning.Branch;
import io.millrace.dataset.versioning.DatasetInfo;
import io.millrace.dataset.versioning.VersionHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The branches of a dataset, without an engine: where their working states lie, what they hold, and
 * how they end. They begin in {@code io.millrace.dataset.delta.spark.BranchJob}.
 */
public final class DatasetBranches {
  private static final Logger log = LoggerFactory.getLogger(DatasetBranches.class);

  private final DatasetLayout layout;
  private final DatasetInfo info;
  private final VersionLog versionLog;

  private DatasetBranches(DatasetLayout layout, DatasetInfo info) {
    this.layout = layout;
    this.info = info;
    this.versionLog = VersionLog.of(layout);
  }

  /**
   * The branches of a dataset.
   *
   * @param layout of any of them
   * @throws io.millrace.dataset.DatasetException if the directory holds no dataset
   */
  public static DatasetBranches of(DatasetLayout layout) {
    requireNonNull(layout, "layout is null");
    return new DatasetBranches(layout, DatasetInfoTable.read(layout));
  }

  /**
   * The dataset with the working state of a branch.
   *
   * @throws io.millrace.dataset.DatasetException if there is no such branch, naming those there are
   */
  public DatasetLayout find(BranchName branch) {
    return layout.onBranch(VersionLog.checkBranch("open", info.name(), branch, versionLog.read()));
  }

  /** All branches, by name. */
  public List<BranchSummary> list() {
    VersionHistory history = versionLog.read();
    return history.everyBranch().stream().map(branch -> summary(branch, history)).toList();
  }

  private BranchSummary summary(Branch branch, VersionHistory history) {
    DatasetLayout onBranch = layout.onBranch(branch);
    StorageUri rows =
        info.taskType().kind() == DatasetKind.TABLE
            ? onBranch.dataTable()
            : onBranch.samplesTable();
    return new BranchSummary(branch, history.current(branch.name()), KernelTable.rows(rows));
  }

  /**
   * Ends a branch: first for all readers, by one commit, then its working state is removed. Should
   * the process end in between, the next creation of a branch removes it. Versions that were
   * published on it stay.
   *
   * @throws io.millrace.dataset.DatasetException if there is no such branch, or it is {@link
   *     BranchName#MAIN}
   */
  public void delete(BranchName branch, Instant now) {
    Branch deleted = versionLog.deleteBranch(info.name(), branch, now);
    remove(List.of(layout.onBranch(deleted).branchDirectory()));
  }

  /**
   * Removes working states that belong to no branch: those of deleted branches, and those of
   * creations that never ended, where nothing was written since a moment.
   */
  public void removeLeftovers(Instant limit) {
    VersionHistory history = versionLog.read();
    StorageUri branches = layout.branches();
    ObjectStore store = ObjectStores.of(branches);
    List<StorageUri> leftovers = new ArrayList<>();
    try (Stream<StorageUri> directories = store.listDirectories(branches)) {
      for (StorageUri directory : directories.toList()) {
        String place = directory.fileName();
        boolean isOver =
            history.deletedBranchPlaces().contains(place)
                || (!history.branchPlaces().contains(place)
                    && wasWrittenBefore(limit, directory, store));
        if (isOver) {
          leftovers.add(directory);
        }
      }
    } catch (IOException e) {
      throw DatasetErrors.unreadable(branches, e);
    } catch (UncheckedIOException e) {
      throw DatasetErrors.unreadable(branches, e.getCause());
    }
    remove(leftovers);
  }

  /** Not where there is no file yet, nor where files vanish: those belong to one that writes. */
  private static boolean wasWrittenBefore(Instant limit, StorageUri directory, ObjectStore store) {
    try (Stream<StoredObject> objects = store.list(directory)) {
      Optional<Instant> last = objects.map(StoredObject::modifiedAt).max(Comparator.naturalOrder());
      return last.isPresent() && last.get().isBefore(limit);
    } catch (IOException | UncheckedIOException e) {
      log.debug("Left {} alone", directory, e);
      return false;
    }
  }

  /** Takes back a creation that failed before its commit. */
  public void discard(Branch branch) {
    if (!versionLog.read().branchPlaces().contains(branch.place())) {
      remove(List.of(layout.onBranch(branch).branchDirectory()));
    }
  }

  private static void remove(List<StorageUri> directories) {
    for (StorageUri directory : directories) {
      try {
        ObjectStores.of(directory).delete(directory);
      } catch (IOException e) {
        throw DatasetErrors.unwritable(directory, e);
      }
      log.info("Removed the working state in {}", directory);
    }
  }
}
