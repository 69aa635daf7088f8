package io.millrace.dataset.delta;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.versioning.DatasetHistory;
import io.millrace.dataset.versioning.DatasetInfo;
import io.millrace.dataset.versioning.VersionHistory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that holds datasets. Needs no engine: everything is read and written through Delta
 * Kernel.
 */
public final class DatasetCatalog {
  private static final Logger log = LoggerFactory.getLogger(DatasetCatalog.class);
  private static final String ID_CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 20;

  private final StorageUri root;

  private DatasetCatalog(StorageUri root) {
    this.root = root;
  }

  /** The catalog of a directory, which need not exist yet. */
  public static DatasetCatalog at(StorageUri root) {
    requireNonNull(root, "root is null");
    HadoopPaths.of(root);
    return new DatasetCatalog(root.canonical());
  }

  /**
   * Loads the classes that reading a table takes, for a process that has something else to do
   * meanwhile. Looks for a table where none is, and changes nothing.
   */
  public static void loadClasses() {
    KernelTable.at(StorageUri.of(Path.of("no-table-" + UUID.randomUUID()))).snapshot();
  }

  /**
   * Makes an empty dataset.
   *
   * @return where it lies
   * @throws io.millrace.dataset.DatasetException if the name is taken
   */
  public DatasetLayout create(
      DatasetName name, LabelTaskType taskType, String description, Clock clock) {
    return create(name, taskType, description, Optional.empty(), clock);
  }

  /**
   * Makes an empty table dataset whose columns are fixed from the start. One that is made by {@link
   * #create} gets its columns from the first import.
   *
   * @return where it lies
   * @throws io.millrace.dataset.DatasetException if the name is taken
   */
  public DatasetLayout createTable(
      DatasetName name, TableSchema schema, String description, Clock clock) {
    return create(name, LabelTaskType.TABLE, description, Optional.of(schema), clock);
  }

  private DatasetLayout create(
      DatasetName name,
      LabelTaskType taskType,
      String description,
      Optional<TableSchema> schema,
      Clock clock) {
    DatasetInfo info =
        new DatasetInfo(
            name,
            randomId(new SecureRandom()),
            taskType,
            description,
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    found(name)
        .ifPresent(
            existing -> {
              throw DatasetErrors.nameTaken(name, existing.layout().root());
            });
    DatasetLayout layout = new DatasetLayout(root.resolve(info.directoryName()));
    try {
      VersionLog.of(layout).create();
      if (taskType.kind() == DatasetKind.TABLE) {
        DataTable.createDirectories(layout);
      }
      if (schema.isPresent()) {
        DataTable.create(layout, schema.get());
      }
      DatasetInfoTable.create(layout, info);
      if (found(directory -> isNamedAfter(name, directory)).size() > 1) {
        HadoopPaths.fileSystem(root).delete(HadoopPaths.of(layout.root()), true);
        throw DatasetErrors.createdTwice(name);
      }
    } catch (IOException e) {
      throw DatasetErrors.unwritable(layout.root(), e);
    }
    log.info("Created dataset {} in {}", name, layout.root());
    return layout;
  }

  /** All datasets, by name. */
  public List<DatasetSummary> list() {
    return found(directory -> true).stream()
        .map(DatasetCatalog::summary)
        .sorted(Comparator.comparing(summary -> summary.info().name()))
        .toList();
  }

  /**
   * One dataset.
   *
   * @throws io.millrace.dataset.DatasetException if there is none, naming those there are
   */
  public DatasetSummary show(DatasetName name) {
    return summary(get(name));
  }

  /**
   * Where a dataset lies.
   *
   * @throws io.millrace.dataset.DatasetException if there is none, naming those there are
   */
  public DatasetLayout find(DatasetName name) {
    return get(name).layout();
  }

  /**
   * Where a dataset lies, with the working state of a branch.
   *
   * @throws io.millrace.dataset.DatasetException if there is no such dataset or branch, naming
   *     those there are
   */
  public DatasetLayout find(DatasetName name, BranchName branch) {
    return DatasetBranches.of(find(name)).find(branch);
  }

  /**
   * One dataset, as it is on a branch: samples, rejects and the current version are the branch's.
   *
   * @throws io.millrace.dataset.DatasetException if there is no such dataset or branch, naming
   *     those there are
   */
  public DatasetSummary show(DatasetName name, BranchName branch) {
    Found dataset = get(name);
    return summary(new Found(DatasetBranches.of(dataset.layout()).find(branch), dataset.info()));
  }

  /**
   * The published versions of a dataset.
   *
   * @throws io.millrace.dataset.DatasetException if there is none, naming those there are
   */
  public DatasetHistory history(DatasetName name) {
    return DeltaDatasetHistory.load(find(name));
  }

  private record Found(DatasetLayout layout, DatasetInfo info) {}

  private static DatasetSummary summary(Found dataset) {
    DatasetLayout layout = dataset.layout();
    boolean isTable = dataset.info().taskType().kind() == DatasetKind.TABLE;
    VersionHistory versions = VersionLog.of(layout).read();
    return new DatasetSummary(
        dataset.info(),
        layout,
        KernelTable.rows(isTable ? layout.dataTable() : layout.samplesTable()),
        KernelTable.rows(layout.rejectsTable()),
        versions.versions(),
        versions.current(layout.branch()),
        isTable ? DataTable.schema(layout) : Optional.empty());
  }

  private Found get(DatasetName name) {
    return found(name)
        .orElseThrow(
            () ->
                DatasetErrors.noDataset(
                    name,
                    root,
                    found(directory -> true).stream()
                        .map(dataset -> dataset.info().name())
                        .sorted()
                        .toList()));
  }

  /**
   * Looks first at the directories named after the dataset, then, should one be renamed, at all.
   */
  private Optional<Found> found(DatasetName name) {
    return found(directory -> isNamedAfter(name, directory)).stream()
        .filter(dataset -> dataset.info().name().equals(name))
        .findFirst()
        .or(
            () ->
                found(directory -> !isNamedAfter(name, directory)).stream()
                    .filter(dataset -> dataset.info().name().equals(name))
                    .findFirst());
  }

  private static boolean isNamedAfter(DatasetName name, String directory) {
    return directory.length() == name.value().length() + 1 + ID_LENGTH
        && directory.startsWith(name + "-");
  }

  /** The datasets in directories whose name passes; a directory without a dataset is no failure. */
  private List<Found> found(Predicate<String> directoryName) {
    return Arrays.stream(children())
        .filter(FileStatus::isDirectory)
        .map(child -> child.getPath().getName())
        .filter(directoryName)
        .map(directory -> new DatasetLayout(root.resolve(directory)))
        .flatMap(
            layout -> DatasetInfoTable.find(layout).map(info -> new Found(layout, info)).stream())
        .toList();
  }

  private FileStatus[] children() {
    try {
      FileSystem files = HadoopPaths.fileSystem(root);
      return files.listStatus(HadoopPaths.of(root));
    } catch (FileNotFoundException e) {
      log.debug("{} does not exist yet", root, e);
      return new FileStatus[0];
    } catch (IOException e) {
      throw DatasetErrors.unreadable(root, e);
    }
  }

  private static String randomId(Random random) {
    return random
        .ints(ID_LENGTH, 0, ID_CHARACTERS.length())
        .mapToObj(index -> String.valueOf(ID_CHARACTERS.charAt(index)))
        .collect(Collectors.joining());
  }
}
