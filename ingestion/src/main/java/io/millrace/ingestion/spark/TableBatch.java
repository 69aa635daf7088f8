package io.millrace.ingestion.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.table.TableSchema;
import io.millrace.ingestion.table.CsvFileScan.Refused;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What an import read and has not written yet.
 *
 * @param schema the dataset's columns
 * @param rows the rows of readable sources, in the form of {@link TableBatchRows}
 * @param fingerprints how each source that was read or refused looked
 * @param reading how they were read
 * @param refused the files that were refused as a whole
 */
record TableBatch(
    TableSchema schema,
    Dataset<Row> rows,
    Map<String, String> fingerprints,
    String reading,
    Map<String, Refused> refused) {
  TableBatch {
    requireNonNull(schema, "schema is null");
    requireNonNull(rows, "rows is null");
    requireNonNull(reading, "reading is null");
    fingerprints = new LinkedHashMap<>(fingerprints);
    refused = new LinkedHashMap<>(refused);
  }

  TableBatch withRows(Dataset<Row> newRows) {
    return new TableBatch(schema, newRows, fingerprints, reading, refused);
  }
}
