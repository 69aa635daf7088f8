package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.sum;

import io.delta.tables.DeltaTable;
import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.delta.AuditJson;
import io.millrace.dataset.delta.AuditLog;
import io.millrace.dataset.labels.AnnotationCounts;
import io.millrace.dataset.labels.EditRun;
import io.millrace.dataset.labels.EditedSample.Outcome;
import io.millrace.dataset.labels.LabelEditCounts;
import io.millrace.dataset.labels.LabelErrors;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings edited samples into the working state: one commit, which carries its audit entry. */
final class LabelCommit {
  private static final Logger log = LoggerFactory.getLogger(LabelCommit.class);

  private final DatasetTable table;
  private final String operation;
  private final EditRun run;
  private final AuditEntry begun;

  /**
   * @param parameters for the audit
   */
  LabelCommit(
      DatasetTable table, String operation, Properties parameters, EditRun run, Clock clock) {
    this.table = table;
    this.operation = operation;
    this.run = run;
    this.begun =
        new AuditEntry(
            UUID.randomUUID(),
            clock.instant().truncatedTo(ChronoUnit.MICROS),
            run.by(),
            operation,
            parameters,
            Properties.EMPTY,
            AuditEntry.DONE);
  }

  /**
   * Fails if labels that are new to the dataset break the rule, or are too many.
   *
   * @param known the labels that it has
   */
  void checkFresh(Set<Label> brought, Set<String> known) {
    Set<Label> fresh = new TreeSet<>(brought);
    fresh.removeIf(label -> known.contains(label.value()));
    run.rule().check(fresh);
    long labels = (long) known.size() + fresh.size();
    if (!fresh.isEmpty() && labels > run.limits().labels()) {
      DatasetName name = table.info().name();
      throw LabelErrors.tooManyLabels(
          operation, name, fresh.iterator().next(), labels, run.limits().labels());
    }
  }

  /** What the edit did, or would do. */
  static LabelEditCounts counts(Dataset<Row> edited) {
    Row row =
        edited
            .agg(
                count(lit(1)),
                count_if(is(Outcome.CHANGED)),
                count_if(is(Outcome.REMOVED)),
                total("added"),
                total("changed"),
                total("removed"),
                total("relations"))
            .first();
    return new LabelEditCounts(
        row.getLong(0),
        row.getLong(1),
        row.getLong(2),
        new AnnotationCounts(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6)));
  }

  static Column is(Outcome outcome) {
    return col(EditedRows.OUTCOME).equalTo(outcome.name());
  }

  private static Column total(String column) {
    return coalesce(sum(col(column)), lit(0L));
  }

  /**
   * Writes what differs. Fails with {@link StaleEditException}, and changes nothing, if one of
   * these samples is no longer as it was read: what another writer brought is never written over.
   *
   * @param edited rows of {@link EditedRows#SCHEMA}
   */
  void commit(Dataset<Row> edited, Properties counts) {
    AuditEntry entry =
        new AuditEntry(
            begun.id(),
            begun.at(),
            begun.by(),
            begun.operation(),
            begun.parameters(),
            counts,
            begun.result());
    Dataset<Row> differing = edited.where(not(is(Outcome.UNCHANGED)));
    Map<String, Column> changed = new HashMap<>();
    EditedRows.CHANGED_COLUMNS.forEach(name -> changed.put(name, col("new." + name)));
    Map<String, Column> stale =
        Map.of("id", raise_error(lit(StaleEditException.MARK)).cast(DataTypes.StringType));
    try {
      DeltaTable.forPath(
              table.sessionWithMetadata(AuditJson.write(entry)),
              DatasetTable.path(table.layout().samplesTable()))
          .as("old")
          .merge(differing.as("new"), col("old.id").equalTo(col("new.id")))
          .whenMatched(not(EditedRows.digest("old.").eqNullSafe(col("new." + EditedRows.BEFORE))))
          .update(stale)
          .whenMatched(col("new." + EditedRows.OUTCOME).equalTo(Outcome.REMOVED.name()))
          .delete()
          .whenMatched()
          .update(changed)
          .whenNotMatched()
          .insert(stale)
          .execute();
    } catch (Exception e) { // Scala throws checked exceptions that it does not declare.
      if (StaleEditException.isToldBy(e)) {
        throw new StaleEditException(e);
      }
      throw e;
    }
  }

  /**
   * Copies the commit's entry into the audit table. Should that fail, the edit stands, and its
   * entry in its commit: the audit reads it there, and the next edit copies it.
   */
  void copyAudit() {
    try {
      AuditLog.of(table.layout()).catchUp();
    } catch (DatasetException e) {
      log.warn("Left the audit entry of {} in its commit for now", operation, e);
    }
  }

  /** Labels of rows that will be written. */
  static Set<Label> labels(Dataset<Row> edited) {
    Set<Label> labels = new TreeSet<>();
    LabelQueries.names(edited.where(is(Outcome.CHANGED)))
        .forEach(name -> labels.add(new Label(name)));
    return labels;
  }
}
