package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Properties;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.merging.MergedSample.Action;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.DiffCounts;
import io.millrace.dataset.versioning.PublishRequest.HardPolicy;
import io.millrace.dataset.versioning.PublishRequest.UsagePolicy;
import io.millrace.dataset.versioning.RollbackConfig;
import io.millrace.dataset.versioning.RollbackConfig.Goal;
import io.millrace.dataset.versioning.RollbackErrors;
import io.millrace.dataset.versioning.RollbackReport;
import io.millrace.dataset.versioning.RollbackReport.Result;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the working state of a branch back to the samples of a version, or to what an earlier commit
 * left. Only samples that differ are written, in one commit, so that the state before is kept by
 * Delta and can be restored by its number. Published versions are not touched.
 *
 * <p>Samples that another writer changes meanwhile make it start again from what that one left.
 */
public final class RollbackJob {
  private static final Logger log = LoggerFactory.getLogger(RollbackJob.class);

  private final SparkSession spark;
  private final DatasetCatalog catalog;
  private final RollbackConfig config;
  private final Clock clock;

  public RollbackJob(
      SparkSession spark, DatasetCatalog catalog, RollbackConfig config, Clock clock) {
    this.spark = requireNonNull(spark, "spark is null");
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * Rolls back.
   *
   * @throws DatasetException if there is no such version or state, it lacks what the samples have
   *     and that must not be lost, or other writers were faster too often; nothing has changed then
   */
  public RollbackReport run() {
    long start = System.nanoTime();
    DatasetTable table = SampleState.open(spark, catalog, config.branch(), "roll back").table();
    RollbackReport report =
        table.committing("roll back", table.layout().samplesTable(), () -> runOnce(table));
    if (report.result() == Result.COMMITTED) {
      new SampleCommit(table).copyAudit(SampleOperations.ROLLBACK);
      log.info(
          "Rolled {} back from state {} to {}: {} in {} ms",
          config.branch(),
          report.formerState(),
          report.goal(),
          report.counts(),
          Duration.ofNanos(System.nanoTime() - start).toMillis());
    }
    return report;
  }

  private RollbackReport runOnce(DatasetTable table) {
    SampleState now = SampleState.of(table);
    long formerState = now.number().orElseThrow(() -> RollbackErrors.noSamples(config.branch()));
    Wanted wanted = wanted(table, formerState);
    if (wanted.version().isPresent() && config.losses() == RollbackConfig.Losses.REFUSE) {
      checkLosses(now.rows(), wanted.version().get());
    }
    DiffCounts counts = SampleDiff.of(now.rows(), wanted.rows()).counts();
    Dataset<Row> changes = changes(now.rows(), wanted.rows());
    Result result = result(changes);
    if (result == Result.COMMITTED) {
      new SampleCommit(table).commit(changes, entry(wanted.name(), counts));
    }
    return new RollbackReport(config.branch(), wanted.name(), result, formerState, counts);
  }

  private Result result(Dataset<Row> changes) {
    if (config.mode() == RollbackConfig.Mode.DRY_RUN) {
      return Result.DRY_RUN;
    }
    return changes.isEmpty() ? Result.NOTHING_TO_DO : Result.COMMITTED;
  }

  /** What the samples are set back to. */
  private record Wanted(String name, Optional<DatasetVersion> version, Dataset<Row> rows) {}

  private Wanted wanted(DatasetTable table, long last) {
    if (config.goal() instanceof Goal.Version goal) {
      SampleState state =
          SampleState.open(spark, catalog, new StateRef.Published(goal.ref()), "roll back to");
      return new Wanted(state.ref().toString(), state.version(), state.rows());
    }
    Goal.State goal = (Goal.State) config.goal();
    Dataset<Row> rows =
        SampleState.kept(table, goal.number())
            .orElseThrow(() -> RollbackErrors.noState(config.branch(), goal, last));
    return new Wanted(goal.toString(), Optional.empty(), rows);
  }

  private void checkLosses(Dataset<Row> now, DatasetVersion version) {
    Properties settings = version.provenance().settings();
    boolean lacksMarks = settings.value("hard").equals(Optional.of(HardPolicy.CLEAR.name()));
    boolean lacksUsages = settings.value("usage").equals(Optional.of(UsagePolicy.REMOVE.name()));
    Column isMarked =
        col("hard")
            .or(col("hard_coefficient").isNotNull())
            .or(exists(col("annotations"), a -> coalesce(a.getField("hard"), lit(false))));
    Row counts = now.agg(count_if(isMarked), count_if(col("usage").isNotNull())).first();
    long marks = lacksMarks ? counts.getLong(0) : 0;
    long usages = lacksUsages ? counts.getLong(1) : 0;
    if (marks + usages > 0) {
      throw RollbackErrors.losses(config.branch(), config.goal(), marks, usages);
    }
  }

  /** The samples that differ in anything at all, with what to do about them. */
  private static Dataset<Row> changes(Dataset<Row> now, Dataset<Row> wanted) {
    Dataset<Row> joined =
        side(now, "now")
            .join(DatasetTable.neverBroadcast(side(wanted, "wanted")), "id", "full_outer")
            .where(not(col("now_digest").eqNullSafe(col("wanted_digest"))));
    Column action =
        when(col("now_digest").isNull(), Action.ADD.name())
            .when(col("wanted_digest").isNull(), Action.REMOVE.name())
            .otherwise(Action.CHANGE.name());
    return joined
        .select(
            coalesce(col("wanted"), col("now")).as("sample"),
            action.as(SampleCommit.ACTION),
            col("now_digest").as(SampleCommit.BEFORE))
        .select(col("sample.*"), col(SampleCommit.ACTION), col(SampleCommit.BEFORE));
  }

  private static Dataset<Row> side(Dataset<Row> samples, String name) {
    return samples.select(
        col("id"),
        struct(DatasetTable.columns(SampleRows.SCHEMA)).as(name),
        EditedRows.digest("").as(name + "_digest"));
  }

  private AuditEntry entry(String goal, DiffCounts counts) {
    return new AuditEntry(
        UUID.randomUUID(),
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        config.by(),
        SampleOperations.ROLLBACK,
        Properties.EMPTY.with("to", goal),
        Properties.EMPTY
            .with("added", counts.added())
            .with("removed", counts.removed())
            .with("relabelled", counts.relabelled())
            .with("moved", counts.moved())
            .with("changed", counts.changed()),
        AuditEntry.DONE);
  }
}
