package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.col;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.Label;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.labels.DeleteLabel;
import io.millrace.dataset.labels.EditRun;
import io.millrace.dataset.labels.LabelEdit;
import io.millrace.dataset.labels.LabelEditCounts;
import io.millrace.dataset.labels.LabelEditReport;
import io.millrace.dataset.labels.LabelEditReport.Result;
import io.millrace.dataset.labels.LabelErrors;
import io.millrace.dataset.labels.RenameLabel;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an edit of labels to a selection of a dataset's working state, in one commit. Published
 * versions stay as they are.
 *
 * <p>If nothing changes nothing is committed. If another writer changed one of the samples since
 * they were read, the edit starts again from what that one left.
 */
public final class LabelEditJob {
  private static final Logger log = LoggerFactory.getLogger(LabelEditJob.class);

  private final DatasetTable table;
  private final LabelEdit edit;
  private final SampleFilter selection;
  private final EditRun run;
  private final LabelCommit commit;
  private final Runnable beforeCommit;

  public LabelEditJob(
      DatasetTable table, LabelEdit edit, SampleFilter selection, EditRun run, Clock clock) {
    this(table, edit, selection, run, clock, () -> {});
  }

  /**
   * @param beforeCommit runs in each attempt after the samples were read
   */
  LabelEditJob(
      DatasetTable table,
      LabelEdit edit,
      SampleFilter selection,
      EditRun run,
      Clock clock,
      Runnable beforeCommit) {
    this.table = requireNonNull(table, "table is null");
    this.edit = requireNonNull(edit, "edit is null");
    this.selection = requireNonNull(selection, "selection is null");
    this.run = requireNonNull(run, "run is null");
    this.beforeCommit = beforeCommit;
    this.commit =
        new LabelCommit(
            table,
            edit.operation(),
            edit.parameters().with("selection", selection.toString()),
            run,
            clock);
  }

  /**
   * Makes the edit.
   *
   * @throws DatasetException if the dataset has no labels by its type, the label is not there, the
   *     new one is taken or one too many, or other writers were faster too often
   */
  public LabelEditReport run() {
    checkHasLabels(table, edit.operation());
    if (!selection.metrics().isEmpty()) {
      throw LabelErrors.metricsAsked(edit.operation(), selection.metrics().first());
    }
    long start = System.nanoTime();
    LabelEditReport report =
        table.committing(
            "do " + edit.operation() + " in", table.layout().samplesTable(), this::runOnce);
    if (report.result() == Result.COMMITTED) {
      commit.copyAudit();
      log.info(
          "Did {} in {}: {} of {} samples changed, {} deleted in {} ms",
          edit.operation(),
          table.info().name(),
          report.counts().changed(),
          report.counts().selected(),
          report.counts().deleted(),
          Duration.ofNanos(System.nanoTime() - start).toMillis());
    }
    return report;
  }

  static void checkHasLabels(DatasetTable table, String operation) {
    DatasetKind kind = table.info().taskType().kind();
    if (kind == DatasetKind.TABLE || kind == DatasetKind.FREE) {
      throw LabelErrors.noSamplesToLabel(operation, table.info().name(), table.info().taskType());
    }
  }

  private LabelEditReport runOnce() {
    Dataset<Row> samples = table.samplesAtThisMoment();
    checkLabels(samples);
    Column reached = FilterColumns.condition(edit.reach());
    Dataset<Row> edited =
        EditedRows.withDigest(samples.where(FilterColumns.condition(selection)).where(reached))
            .map(new EditSample(edit), Encoders.row(EditedRows.SCHEMA))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      LabelEditCounts counts = LabelCommit.counts(edited);
      if (counts.isNothing()) {
        return report(Result.NOTHING_TO_DO, counts);
      }
      if (run.mode() == EditRun.Mode.DRY_RUN) {
        return report(Result.DRY_RUN, counts);
      }
      beforeCommit.run();
      commit.commit(edited, counts.toProperties());
      return report(Result.COMMITTED, counts);
    } finally {
      edited.unpersist();
    }
  }

  private LabelEditReport report(Result result, LabelEditCounts counts) {
    return new LabelEditReport(
        table.info().name(), edit.operation(), result, counts, Optional.empty());
  }

  /** What only the whole dataset can tell. */
  private void checkLabels(Dataset<Row> samples) {
    if (edit instanceof RenameLabel rename) {
      Set<String> known = LabelQueries.names(samples);
      requireLabel(rename.old(), known);
      if (known.contains(rename.renamed().value())
          && rename.ifTaken() == RenameLabel.IfTaken.REFUSE) {
        throw LabelErrors.labelTaken(
            table.info().name(),
            rename.old(),
            rename.renamed(),
            samples.where(having(rename.renamed())).count());
      }
      if (selection.equals(SampleFilter.ALL)) {
        known.remove(rename.old().value());
      }
      commit.checkFresh(edit.brings(), known);
    } else if (edit instanceof DeleteLabel delete) {
      requireLabel(delete.label(), LabelQueries.names(samples));
    } else if (!edit.brings().isEmpty()) {
      commit.checkFresh(edit.brings(), LabelQueries.names(samples));
    }
  }

  private static Column having(Label label) {
    return array_contains(col("annotations.label"), label.value());
  }

  private void requireLabel(Label label, Set<String> known) {
    DatasetName name = table.info().name();
    if (!known.contains(label.value())) {
      throw LabelErrors.noSuchLabel(edit.operation(), name, label, known);
    }
  }
}
