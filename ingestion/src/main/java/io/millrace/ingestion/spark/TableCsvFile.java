package io.millrace.ingestion.spark;

import io.millrace.ingestion.table.CsvFileScan.Known;
import io.millrace.ingestion.table.TableFile;
import java.io.Serializable;

/** A CSV file that can be read, and how. */
record TableCsvFile(TableFile file, Known scan) implements Serializable {
  private static final long serialVersionUID = 1L;
}
