package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.raise_error;

import io.delta.tables.DeltaTable;
import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.delta.AuditJson;
import io.millrace.dataset.delta.AuditLog;
import io.millrace.dataset.merging.MergedSample.Action;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds, changes and removes samples of a working state in one commit, which carries its audit
 * entry. What another writer brought meanwhile is never written over.
 */
final class SampleCommit {
  private static final Logger log = LoggerFactory.getLogger(SampleCommit.class);

  /** What is done with a sample: a name of {@link Action}. */
  static final String ACTION = "action";

  /** A digest of the sample as it was read; null for one to add. */
  static final String BEFORE = "before";

  /** The columns of {@link SampleRows#SCHEMA}, {@link #ACTION} and {@link #BEFORE}. */
  static final StructType SCHEMA =
      SampleRows.SCHEMA.add(ACTION, DataTypes.StringType).add(BEFORE, DataTypes.StringType);

  private final DatasetTable table;

  SampleCommit(DatasetTable table) {
    this.table = table;
  }

  static Column is(Action action) {
    return col(ACTION).equalTo(action.name());
  }

  /**
   * Commits, within {@link DatasetTable#committing}.
   *
   * @param rows of {@link #SCHEMA}, no id twice, actions ADD, CHANGE and REMOVE
   * @throws StaleEditException if one of these samples is no longer as it was read; nothing is
   *     changed then
   */
  void commit(Dataset<Row> rows, AuditEntry entry) {
    String path = DatasetTable.path(table.layout().samplesTable());
    if (!table.exists(table.layout().samplesTable())) {
      rows.select(DatasetTable.columns(SampleRows.SCHEMA))
          .write()
          .format("delta")
          .mode(SaveMode.ErrorIfExists)
          .option("userMetadata", AuditJson.write(entry))
          .save(path);
      return;
    }
    Map<String, Column> values = new HashMap<>();
    for (String name : SampleRows.SCHEMA.fieldNames()) {
      values.put(name, col("new." + name));
    }
    Map<String, Column> stale =
        Map.of("id", raise_error(lit(StaleEditException.MARK)).cast(DataTypes.StringType));
    Column action = col("new." + ACTION);
    Column isAsRead = EditedRows.digest("old.").eqNullSafe(col("new." + BEFORE));
    try {
      DeltaTable.forPath(table.sessionWithMetadata(AuditJson.write(entry)), path)
          .as("old")
          .merge(rows.as("new"), col("old.id").equalTo(col("new.id")))
          .whenMatched(not(isAsRead))
          .update(stale)
          .whenMatched(action.equalTo(Action.REMOVE.name()))
          .delete()
          .whenMatched()
          .update(values)
          .whenNotMatched(action.notEqual(Action.ADD.name()))
          .insert(stale)
          .whenNotMatched()
          .insert(values)
          .execute();
    } catch (Exception e) { // Scala throws checked exceptions that it does not declare.
      if (StaleEditException.isToldBy(e)) {
        throw new StaleEditException(e);
      }
      throw e;
    }
  }

  /**
   * Copies the commit's entry into the audit table. Should that fail, the commit stands, and its
   * entry in it: the audit reads it there, and the next operation copies it.
   */
  void copyAudit(String operation) {
    try {
      AuditLog.of(table.layout()).catchUp();
    } catch (DatasetException e) {
      log.warn("Left the audit entry of {} in its commit for now", operation, e);
    }
  }
}
