package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;

import io.delta.tables.DeltaTable;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.PublishedFiles;
import io.millrace.dataset.delta.VersionLog;
import io.millrace.dataset.versioning.Branch;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.GcReport;
import io.millrace.dataset.versioning.GcReport.Garbage;
import io.millrace.dataset.versioning.GcReport.GcMode;
import io.millrace.dataset.versioning.GcReport.Kind;
import io.millrace.dataset.versioning.VersionHistory;
import io.millrace.dataset.versioning.VersionState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects garbage: what nothing in a dataset refers to. Sources of samples are never touched, only
 * the dataset's own directory is.
 *
 * <p>What is younger than a day is left alone, since somebody may be about to refer to it, and so
 * are the files of tables that are needed to read a state of the last seven days. A collection that
 * dies on the way is completed by the next one.
 *
 * <p>An import with copies must not run beside it: it takes a copy that is there for one that
 * stays.
 */
public final class GcJob {
  /** Longer than any import or publishing takes. */
  private static final Duration GRACE = Duration.ofDays(1);

  /** Delta's own default, and ours. */
  private static final double RETENTION_HOURS = 168;

  private static final Logger log = LoggerFactory.getLogger(GcJob.class);
  private final SparkSession spark;
  private final DatasetTable table;
  private final DatasetLayout layout;
  private final Clock clock;

  /** A collection in the whole dataset, whatever branch the table is of. */
  public GcJob(SparkSession spark, DatasetTable table, Clock clock) {
    this.spark = requireNonNull(spark, "spark is null");
    this.table = requireNonNull(table, "table is null");
    this.layout = table.layout();
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * Looks for garbage, and removes it where the mode says so.
   *
   * @throws DatasetException if storage cannot be read or written; what was removed before stays so
   */
  public GcReport run(GcMode mode) {
    VersionHistory history = VersionLog.of(layout).read();
    history.versions().forEach(version -> PublishedFiles.of(layout, version).putInPlace());
    List<Garbage> garbage = new ArrayList<>();
    garbage.addAll(deletedVersions(history, mode));
    garbage.addAll(unfinishedPublishings(history, mode));
    garbage.addAll(lostBranches(history, mode));
    if (table.info().taskType().kind() != DatasetKind.TABLE) {
      garbage.addAll(new MediaCopies(table, history, limit()).collect(mode));
    }
    garbage.addAll(oldTableFiles(history, mode));
    GcReport report = new GcReport(mode, garbage);
    log.info(
        "Collected garbage of {} ({}): {} things, {} bytes",
        table.info().name(),
        mode,
        garbage.size(),
        report.bytes());
    return report;
  }

  private List<Garbage> deletedVersions(VersionHistory history, GcMode mode) {
    Map<String, Long> rows = VersionLog.of(layout).storedBytes();
    Set<String> withMetrics =
        table.exists(layout.metricsTable())
            ? spark
                .read()
                .format("delta")
                .load(DatasetTable.path(layout.metricsTable()))
                .select("version")
                .distinct()
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .collect(Collectors.toSet())
            : Set.of();
    List<Garbage> garbage = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<String> metrics = new ArrayList<>();
    for (DatasetVersion version : history.everyVersion()) {
      if (version.state() != VersionState.DELETED) {
        continue;
      }
      StorageSize size =
          StorageSize.of(layout.annotation(version.name()))
              .plus(StorageSize.of(layout.staging(version.publishId())))
              .plus(StorageSize.ofFile(layout.index(version.publishId())));
      boolean hasRows = rows.containsKey(version.publishId());
      boolean hasMetrics = withMetrics.contains(version.name().value());
      if (size.files() > 0 || hasRows || hasMetrics) {
        garbage.add(garbage(Kind.DELETED_VERSION, version.name().value(), size));
        ids.add(version.publishId());
      }
      if (hasMetrics) {
        metrics.add(version.name().value());
      }
      if (mode == GcMode.REMOVE && size.files() > 0) {
        GarbageFiles.delete(layout.annotation(version.name()));
      }
    }
    if (mode == GcMode.REMOVE) {
      new PublishLeftovers(table, history.publishIds()).remove(ids);
      if (!metrics.isEmpty()) {
        table.committing(
            "collect garbage of",
            layout.metricsTable(),
            () -> {
              DeltaTable.forPath(spark, DatasetTable.path(layout.metricsTable()))
                  .delete(col("version").isin(metrics.toArray()));
              return metrics;
            });
      }
    }
    return garbage;
  }

  private List<Garbage> unfinishedPublishings(VersionHistory history, GcMode mode) {
    PublishLeftovers leftovers = new PublishLeftovers(table, history.publishIds());
    Set<String> ids = leftovers.startedBefore(limit());
    history.everyVersion().forEach(version -> ids.remove(version.publishId()));
    List<Garbage> garbage =
        ids.stream()
            .sorted()
            .map(
                id ->
                    garbage(
                        Kind.UNFINISHED_PUBLISHING,
                        id,
                        StorageSize.of(layout.staging(id))
                            .plus(StorageSize.ofFile(layout.index(id)))))
            .toList();
    if (mode == GcMode.REMOVE) {
      leftovers.remove(ids);
    }
    return garbage;
  }

  /**
   * A directory that was written to within the last day, or not at all yet, may become a branch.
   */
  private List<Garbage> lostBranches(VersionHistory history, GcMode mode) {
    List<Garbage> garbage = new ArrayList<>();
    for (StorageUri directory : GarbageFiles.directories(layout.branches())) {
      boolean isKnown = history.branchPlaces().contains(directory.fileName());
      StorageSize size = isKnown ? StorageSize.NOTHING : StorageSize.of(directory);
      if (isKnown || size.files() == 0 || size.latest().isAfter(limit())) {
        continue;
      }
      garbage.add(garbage(Kind.LOST_BRANCH, directory.fileName(), size));
      if (mode == GcMode.REMOVE) {
        GarbageFiles.delete(directory);
      }
    }
    return garbage;
  }

  private List<Garbage> oldTableFiles(VersionHistory history, GcMode mode) {
    List<Garbage> garbage = new ArrayList<>();
    for (StorageUri address : tables(history)) {
      if (!table.exists(address)) {
        continue;
      }
      String path = DatasetTable.path(address);
      List<Row> old =
          spark
              .sql(
                  "VACUUM delta.`%s` RETAIN %s HOURS DRY RUN"
                      .formatted(path.replace("`", "``"), (long) RETENTION_HOURS))
              .collectAsList();
      if (old.isEmpty()) {
        continue;
      }
      long bytes =
          old.stream()
              .mapToLong(row -> StorageSize.ofFile(StorageUri.parse(row.getString(0))).bytes())
              .sum();
      garbage.add(new Garbage(Kind.OLD_TABLE_FILES, address.fileName(), old.size(), bytes));
      if (mode == GcMode.REMOVE) {
        DeltaTable.forPath(spark, path).vacuum(RETENTION_HOURS);
      }
    }
    return garbage;
  }

  private List<StorageUri> tables(VersionHistory history) {
    List<StorageUri> tables = new ArrayList<>();
    tables.add(layout.versionSamplesTable());
    tables.add(layout.metricsTable());
    for (Branch branch : history.everyBranch()) {
      DatasetLayout ofBranch = layout.onBranch(branch);
      tables.add(ofBranch.samplesTable());
      tables.add(ofBranch.importsTable());
      tables.add(ofBranch.rejectsTable());
      tables.add(ofBranch.auditTable());
      if (table.info().taskType().kind() == DatasetKind.TABLE) {
        tables.add(ofBranch.dataTable());
        tables.add(ofBranch.tableSourcesTable());
      }
    }
    return tables;
  }

  private static Garbage garbage(Kind kind, String what, StorageSize size) {
    return new Garbage(kind, what, size.files(), size.bytes());
  }

  private Instant limit() {
    return clock.instant().minus(GRACE);
  }
}
