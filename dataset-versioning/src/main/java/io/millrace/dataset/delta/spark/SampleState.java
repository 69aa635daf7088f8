package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.max;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.delta.DatasetBranches;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DeltaDatasetHistory;
import io.millrace.dataset.delta.TableVersion;
import io.millrace.dataset.merging.MergeErrors;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.VersionHistory;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples of one moment: those of a version, or those of a branch, whatever is committed meanwhile.
 *
 * @param ref names it; a version by its own name
 * @param table of the branch, or of the branch that the version was published on
 * @param number of the commit that the working state is; empty for a version, and for a branch that
 *     never had samples
 * @param rows with the columns of {@link SampleRows#SCHEMA}
 */
record SampleState(
    StateRef ref,
    DatasetTable table,
    Optional<DatasetVersion> version,
    Optional<Long> number,
    Dataset<Row> rows) {
  private static final Logger log = LoggerFactory.getLogger(SampleState.class);

  SampleState {
    requireNonNull(ref, "ref is null");
    requireNonNull(table, "table is null");
    requireNonNull(version, "version is null");
    requireNonNull(number, "number is null");
    requireNonNull(rows, "rows is null");
  }

  /**
   * Looks up what a reference names.
   *
   * @param verb what is to be done, for the message about tables
   * @throws io.millrace.dataset.DatasetException if there is no such dataset, version or branch, or
   *     it is a table
   */
  static SampleState open(SparkSession spark, DatasetCatalog catalog, StateRef ref, String verb) {
    if (ref instanceof StateRef.Working working) {
      DatasetLayout layout = catalog.find(working.dataset(), working.branch());
      return of(checked(DatasetTable.open(spark, layout), ref, verb));
    }
    DatasetRef wanted = ((StateRef.Published) ref).ref();
    DatasetLayout layout = catalog.find(wanted.dataset());
    DeltaDatasetHistory history = DeltaDatasetHistory.load(layout);
    DatasetVersion version = history.resolve(wanted);
    DatasetLayout onBranch =
        history.history().hasBranch(version.branch())
            ? DatasetBranches.of(layout).find(version.branch())
            : layout;
    DatasetTable table = checked(DatasetTable.open(spark, onBranch), ref, verb);
    return of(table, version);
  }

  private static DatasetTable checked(DatasetTable table, StateRef ref, String verb) {
    if (table.info().taskType().kind() == DatasetKind.TABLE) {
      throw MergeErrors.ofTables(verb, ref);
    }
    return table;
  }

  /** The samples of a version. */
  static SampleState of(DatasetTable table, DatasetVersion version) {
    return new SampleState(
        new StateRef.Published(DatasetRef.of(table.info().name(), version.name())),
        table,
        Optional.of(version),
        Optional.empty(),
        table.version(version));
  }

  /** The samples that a branch has now. */
  static SampleState of(DatasetTable table) {
    Optional<Long> number = TableVersion.latest(table.layout().samplesTable());
    return new SampleState(
        new StateRef.Working(table.info().name(), table.layout().branch()),
        table,
        Optional.empty(),
        number,
        number.map(table::samplesAt).orElseGet(table::samples));
  }

  /** The working state that a commit left; empty where Delta has removed it, or it never was. */
  static Optional<Dataset<Row>> kept(DatasetTable table, long number) {
    try {
      Dataset<Row> rows = table.samplesAt(number);
      rows.agg(max(SampleHashes.ID)).collectAsList(); // Its files may be gone, its number known.
      return Optional.of(rows);
    } catch (Exception e) { // Scala throws checked exceptions that it does not declare.
      log.info(
          "Cannot read state {} of {}: {}", number, table.layout().samplesTable(), e.getMessage());
      return Optional.empty();
    }
  }

  VersionHistory history() {
    return table.history().history();
  }

  /** Whether both are of one dataset. */
  boolean isOfSameDataset(SampleState other) {
    return table.info().id().equals(other.table.info().id());
  }
}
