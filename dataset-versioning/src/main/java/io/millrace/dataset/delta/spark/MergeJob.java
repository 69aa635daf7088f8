package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;

import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.ImportRecord;
import io.millrace.dataset.Properties;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.ImportLog;
import io.millrace.dataset.merging.Aspect;
import io.millrace.dataset.merging.MergeConfig;
import io.millrace.dataset.merging.MergeConflict;
import io.millrace.dataset.merging.MergeCounts;
import io.millrace.dataset.merging.MergeErrors;
import io.millrace.dataset.merging.MergeReport;
import io.millrace.dataset.merging.MergeReport.Duplicate;
import io.millrace.dataset.merging.MergeReport.Result;
import io.millrace.dataset.merging.MergedSample.Action;
import io.millrace.dataset.merging.SampleMerge;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the samples of one state into the working state of a branch, in one commit.
 *
 * <p>Samples that are alike on both sides, or that the source did not change since the base, are
 * found by hashes and never leave their row; the others are decided one by one by {@link
 * SampleMerge}. If another writer changes one of the samples to write meanwhile, the merge starts
 * again from what that one left. A merge that changes nothing commits nothing.
 *
 * <p>Media are not copied: a sample that is added names the same address as in the source. The
 * imports that brought the samples are put on record in the target before the commit.
 */
public final class MergeJob {
  private static final Logger log = LoggerFactory.getLogger(MergeJob.class);
  private static final String OURS = "ours";
  private static final String THEIRS = "theirs";
  private static final String BASE = "base";
  private static final String HASHES = "_hashes";

  private final SparkSession spark;
  private final DatasetCatalog catalog;
  private final MergeConfig config;
  private final Clock clock;
  private final Runnable beforeCommit;

  public MergeJob(SparkSession spark, DatasetCatalog catalog, MergeConfig config, Clock clock) {
    this(spark, catalog, config, clock, () -> {});
  }

  /**
   * @param beforeCommit runs in each attempt after the samples were read
   */
  MergeJob(
      SparkSession spark,
      DatasetCatalog catalog,
      MergeConfig config,
      Clock clock,
      Runnable beforeCommit) {
    this.spark = requireNonNull(spark, "spark is null");
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.beforeCommit = beforeCommit;
  }

  /**
   * Merges.
   *
   * @throws DatasetException if there is no such state, the datasets are of different types,
   *     samples are in conflict, or other writers were faster too often; nothing has changed then
   */
  public MergeReport run() {
    long start = System.nanoTime();
    DatasetTable table = SampleState.open(spark, catalog, config.target(), "merge into").table();
    AuditEntry begun = begun();
    MergeReport report =
        table.committing(
            "merge %s into".formatted(config.source()),
            table.layout().samplesTable(),
            () -> runOnce(table, begun));
    if (report.result() == Result.COMMITTED) {
      new SampleCommit(table).copyAudit(SampleOperations.MERGE);
      log.info(
          "Merged {} into {}: {} added, {} changed, {} removed in {} ms",
          report.source(),
          config.target(),
          report.counts().added(),
          report.counts().changed(),
          report.counts().removed(),
          Duration.ofNanos(System.nanoTime() - start).toMillis());
    }
    return report;
  }

  private MergeReport runOnce(DatasetTable table, AuditEntry begun) {
    SampleState target = SampleState.of(table);
    SampleState source = SampleState.open(spark, catalog, config.source(), "merge");
    check(target, source);
    Optional<MergeBase> base =
        config.base().isPresent()
            ? Optional.of(MergeBase.open(target, catalog, config.base().get()))
            : MergeBase.find(target, source);
    Dataset<Row> decided = decide(target, source, base).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Dataset<Row> added = decided.where(SampleCommit.is(Action.ADD));
      Dataset<Row> duplicates =
          duplicates(added, target.rows()).persist(StorageLevel.MEMORY_AND_DISK());
      try {
        MergeCounts counts = counts(decided, duplicates.count(), target, source);
        List<MergeConflict> conflicts = conflicts(decided);
        MergeReport report =
            report(source, base, counts, conflicts, first(duplicates), target.number());
        if (config.mode() == MergeConfig.Mode.DRY_RUN) {
          return report.with(Result.DRY_RUN);
        }
        if (counts.conflicts() > 0) {
          throw MergeErrors.conflicts(
              config.source(), config.target(), config.policy(), counts.conflicts(), conflicts);
        }
        if (counts.isNothing()) {
          return report.with(Result.NOTHING_TO_DO);
        }
        Dataset<Row> written =
            decided
                .where(
                    SampleCommit.is(Action.ADD)
                        .or(SampleCommit.is(Action.CHANGE))
                        .or(SampleCommit.is(Action.REMOVE)))
                .select(DatasetTable.columns(SampleCommit.SCHEMA));
        beforeCommit.run();
        recordImports(written, target, source);
        new SampleCommit(table).commit(written, entry(begun, source, counts));
        return report.with(Result.COMMITTED);
      } finally {
        duplicates.unpersist();
      }
    } finally {
      decided.unpersist();
    }
  }

  private void check(SampleState target, SampleState source) {
    if (MergeBase.isSame(target, source)) {
      throw MergeErrors.withItself(config.target());
    }
    if (source.table().info().taskType() != target.table().info().taskType()) {
      throw MergeErrors.otherTaskType(
          config.source(),
          source.table().info().taskType(),
          config.target(),
          target.table().info().taskType());
    }
  }

  /** Rows of {@link MergeRows#SCHEMA}: all samples that are not simply kept. */
  private Dataset<Row> decide(SampleState target, SampleState source, Optional<MergeBase> base) {
    Dataset<Row> joined =
        side(target.rows().withColumn(SampleCommit.BEFORE, EditedRows.digest("")), OURS)
            .join(DatasetTable.neverBroadcast(side(source.rows(), THEIRS)), "id", "full_outer");
    joined =
        base.isPresent()
            ? joined.join(
                DatasetTable.neverBroadcast(side(base.get().rows(), BASE)), "id", "left_outer")
            : joined
                .withColumn(BASE, lit(null).cast(SampleRows.SCHEMA))
                .withColumn(BASE + HASHES, lit(null).cast("string"));
    Column same = col(OURS + HASHES).eqNullSafe(col(THEIRS + HASHES));
    Column untouched = col(THEIRS + HASHES).eqNullSafe(col(BASE + HASHES));
    SampleMerge.Basis basis =
        base.isPresent() ? SampleMerge.Basis.COMMON_BASE : SampleMerge.Basis.NO_BASE;
    return joined
        .where(not(same).and(not(untouched)))
        .select(col(OURS), col(THEIRS), col(BASE), col(SampleCommit.BEFORE))
        .map(new MergeRows(config.policy(), basis), Encoders.row(MergeRows.SCHEMA))
        .where(not(SampleCommit.is(Action.KEEP)).or(size(col(MergeRows.CLASHES)).gt(0)));
  }

  private static Dataset<Row> side(Dataset<Row> samples, String name) {
    List<Column> columns = new ArrayList<>();
    columns.add(col("id"));
    columns.add(struct(DatasetTable.columns(SampleRows.SCHEMA)).as(name));
    columns.add(
        concat_ws(
                " ",
                SampleHashes.LABELLING.cast("string"),
                SampleHashes.REST.cast("string"),
                coalesce(col("usage"), lit("-")))
            .as(name + HASHES));
    if (name.equals(OURS)) {
      columns.add(col(SampleCommit.BEFORE));
    }
    return samples.select(columns.toArray(Column[]::new));
  }

  private static MergeCounts counts(
      Dataset<Row> decided, long duplicates, SampleState target, SampleState source) {
    Column isConflict = SampleCommit.is(Action.CONFLICT);
    String directory = source.table().layout().data().canonical().value() + "/";
    Column isElsewhere =
        target.isOfSameDataset(source) ? lit(false) : col("source").startsWith(directory);
    Row row =
        decided
            .agg(
                count_if(SampleCommit.is(Action.ADD)),
                count_if(SampleCommit.is(Action.CHANGE)),
                count_if(SampleCommit.is(Action.REMOVE)),
                count_if(not(isConflict).and(size(col(MergeRows.CLASHES)).gt(0))),
                count_if(isConflict),
                count_if(SampleCommit.is(Action.ADD).and(isElsewhere)))
            .first();
    return new MergeCounts(
        row.getLong(0),
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        duplicates,
        row.getLong(5));
  }

  /** Added samples with the bytes of one that the target has by another id. */
  private static Dataset<Row> duplicates(Dataset<Row> added, Dataset<Row> ours) {
    Dataset<Row> brought =
        added
            .where(col("digest").isNotNull())
            .select(col("digest"), col("id").as("added"), col("source").as("added_source"));
    Dataset<Row> present =
        ours.where(col("digest").isNotNull())
            .groupBy("digest")
            .agg(min(struct(col("id"), col("source"))).as("present"));
    return brought
        .join(DatasetTable.neverBroadcast(present), "digest")
        .select(col("added"), col("added_source"), col("present.id"), col("present.source"));
  }

  private List<Duplicate> first(Dataset<Row> duplicates) {
    return duplicates.orderBy("added").takeAsList(config.listed()).stream()
        .map(
            row ->
                new Duplicate(
                    row.getString(0), row.getString(1), row.getString(2), row.getString(3)))
        .toList();
  }

  private List<MergeConflict> conflicts(Dataset<Row> decided) {
    return decided
        .where(SampleCommit.is(Action.CONFLICT))
        .select(col("id"), col("source"), col(MergeRows.CLASHES))
        .orderBy("id")
        .takeAsList(config.listed())
        .stream()
        .map(
            row ->
                new MergeConflict(
                    new SampleId(row.getString(0)),
                    row.getString(1),
                    row.<String>getList(2).stream().map(Aspect::valueOf).toList()))
        .toList();
  }

  /** So that every origin in the target can be looked up there. */
  private static void recordImports(Dataset<Row> written, SampleState target, SampleState source) {
    Set<String> origins = new HashSet<>();
    written
        .where(col("origin").isNotNull())
        .select("origin")
        .distinct()
        .collectAsList()
        .forEach(row -> origins.add(row.getString(0)));
    ImportLog known = ImportLog.of(target.table().layout());
    known.read().stream().map(ImportRecord::id).map(ImportId::value).forEach(origins::remove);
    if (!origins.isEmpty()) {
      ImportLog.of(source.table().layout()).read().stream()
          .filter(record -> origins.contains(record.id().value()))
          .forEach(known::append);
    }
  }

  private MergeReport report(
      SampleState source,
      Optional<MergeBase> base,
      MergeCounts counts,
      List<MergeConflict> conflicts,
      List<Duplicate> duplicates,
      Optional<Long> formerState) {
    return new MergeReport(
        config.target(),
        source.ref().toString(),
        base.map(MergeBase::name),
        config.policy(),
        Result.NOTHING_TO_DO,
        formerState,
        counts,
        conflicts,
        duplicates);
  }

  private AuditEntry begun() {
    return new AuditEntry(
        UUID.randomUUID(),
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        config.by(),
        SampleOperations.MERGE,
        Properties.EMPTY
            .with("from", config.source().toString())
            .with("on-conflict", config.policy().name()),
        Properties.EMPTY,
        AuditEntry.DONE);
  }

  private static AuditEntry entry(AuditEntry begun, SampleState source, MergeCounts counts) {
    Properties parameters =
        begun
            .parameters()
            .with("from", source.ref().toString())
            .with(MergeBase.SOURCE_PLACE, MergeBase.place(source));
    if (source.number().isPresent()) {
      parameters = parameters.with(MergeBase.SOURCE_STATE, source.number().get());
    }
    if (source.version().isPresent()) {
      parameters = parameters.with(MergeBase.SOURCE_VERSION, source.version().get().name().value());
    }
    return new AuditEntry(
        begun.id(),
        begun.at(),
        begun.by(),
        begun.operation(),
        parameters,
        Properties.EMPTY
            .with("added", counts.added())
            .with("changed", counts.changed())
            .with("removed", counts.removed())
            .with("settled", counts.settled()),
        begun.result());
  }
}
