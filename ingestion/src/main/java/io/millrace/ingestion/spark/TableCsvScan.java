package io.millrace.ingestion.spark;

import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.ingestion.table.CsvDialect;
import io.millrace.ingestion.table.CsvFileScan;
import io.millrace.ingestion.table.TableFile;
import java.io.IOException;
import org.apache.spark.api.java.function.PairFunction;
import scala.Tuple2;

/** Looks at a whole CSV file in a task. */
record TableCsvScan(CsvDialect dialect, long inferenceRows, StorageSettings settings)
    implements PairFunction<TableFile, TableFile, CsvFileScan> {
  private static final long serialVersionUID = 1L;

  @Override
  public Tuple2<TableFile, CsvFileScan> call(TableFile file) throws IOException {
    ObjectStore store = ObjectStores.of(file.uri(), settings);
    return Tuple2.apply(file, CsvFileScan.of(() -> store.open(file.uri()), dialect, inferenceRows));
  }
}
