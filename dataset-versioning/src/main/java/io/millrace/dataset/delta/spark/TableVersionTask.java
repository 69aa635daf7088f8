package io.millrace.dataset.delta.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.table.RowBytes;
import io.millrace.dataset.table.TableCsvWriter;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.versioning.MultisetDigest;
import io.millrace.dataset.versioning.TableOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Digests the rows of one task, and writes them as one CSV file where CSV is asked for. A task that
 * runs twice writes the same file again.
 *
 * @param directory where the CSV files go
 */
record TableVersionTask(
    TableValues values, TableOutput output, String directory, StorageSettings settings)
    implements Function2<Integer, Iterator<Row>, Iterator<TableVersionPart>> {
  private static final long serialVersionUID = 1L;
  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * Runs the task on all rows.
   *
   * @param rows with the columns of the schema
   */
  static TableVersionPart run(
      Dataset<Row> rows,
      TableSchema schema,
      TableOutput output,
      StorageUri directory,
      StorageSettings settings) {
    TableValues values = new TableValues(schema);
    return values
        .select(rows)
        .javaRDD()
        .mapPartitionsWithIndex(
            new TableVersionTask(values, output, directory.value(), settings), false)
        .collect()
        .stream()
        .reduce(TableVersionPart.NOTHING, TableVersionPart::plus);
  }

  static String fileName(int task) {
    return "part-%05d.csv".formatted(task);
  }

  @Override
  public Iterator<TableVersionPart> call(Integer task, Iterator<Row> rows) throws IOException {
    if (!rows.hasNext()) {
      return List.<TableVersionPart>of().iterator();
    }
    MultisetDigest.Adder digest = new MultisetDigest.Adder();
    long[] count = new long[1];
    if (!(output instanceof TableOutput.Csv csv)) {
      rows.forEachRemaining(
          row -> {
            digest.add(RowBytes.of(values.schema(), values.of(row)));
            count[0]++;
          });
      return List.of(
              new TableVersionPart(count[0], digest.sum(), TableCsvWriter.Counts.NONE, List.of()))
          .iterator();
    }
    StorageUri file = StorageUri.parse(directory).resolve(fileName(task));
    TableCsvWriter.Counts[] counts = new TableCsvWriter.Counts[1];
    ObjectStores.of(file, settings)
        .write(
            file,
            out -> {
              OutputStream buffer = new BufferedOutputStream(out, BUFFER_BYTES);
              TableCsvWriter writer = new TableCsvWriter(buffer, values.schema(), csv.formulas());
              while (rows.hasNext()) {
                List<Object> cells = values.of(rows.next());
                digest.add(RowBytes.of(values.schema(), cells));
                writer.write(cells);
              }
              counts[0] = writer.finish();
              buffer.flush();
            });
    return List.of(
            new TableVersionPart(
                counts[0].rows(),
                digest.sum(),
                counts[0],
                List.of(new TableVersionPart.CsvFile(fileName(task), counts[0].rows()))))
        .iterator();
  }
}
