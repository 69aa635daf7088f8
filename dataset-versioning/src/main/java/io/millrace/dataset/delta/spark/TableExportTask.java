package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.columns.Columns;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.format.ColumnFormat;
import io.millrace.dataset.export.format.CountedFile;
import io.millrace.dataset.export.format.CsvFormat;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.table.TableCsvWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;

/**
 * Writes the rows of one task as one file. Running it twice writes the same again.
 *
 * @param format a {@link CsvFormat} or a {@link ColumnFormat}
 * @param name of the exported table, with which those of files begin
 */
record TableExportTask(
    TableValues values,
    Serializable format,
    String name,
    StorageUri staging,
    StorageSettings settings)
    implements Function2<Integer, Iterator<Row>, Iterator<TableExportTask.Result>> {
  private static final long serialVersionUID = 1L;
  private static final int BUFFER_BYTES = 1 << 16;

  TableExportTask {
    requireNonNull(format, "format is null");
    requireNonNull(settings, "settings is null");
  }

  /** What a task wrote. */
  record Result(TableCsvWriter.Counts counts, long files, long bytes) implements Serializable {
    private static final long serialVersionUID = 1L;

    static final Result NOTHING = new Result(TableCsvWriter.Counts.NONE, 0, 0);

    Result plus(Result other) {
      return new Result(counts.plus(other.counts), files + other.files, bytes + other.bytes);
    }
  }

  @Override
  public Iterator<Result> call(Integer task, Iterator<Row> rows) throws IOException {
    if (!rows.hasNext()) {
      return List.<Result>of().iterator();
    }
    ExportOutput output = new ExportOutput(staging, task, settings);
    String stem = "%s-%05d".formatted(name, task);
    TableCsvWriter.Counts counts =
        format instanceof CsvFormat csv
            ? writeCsv(csv, output, stem + ".csv", rows)
            : writeColumns((ColumnFormat) format, output, stem, rows);
    return List.of(new Result(counts, output.files(), output.bytes())).iterator();
  }

  private TableCsvWriter.Counts writeCsv(
      CsvFormat csv, ExportOutput output, String path, Iterator<Row> rows) throws IOException {
    TableCsvWriter.Counts[] counts = new TableCsvWriter.Counts[1];
    output.write(
        path,
        out -> {
          OutputStream buffer = new BufferedOutputStream(out, BUFFER_BYTES);
          TableCsvWriter writer = new TableCsvWriter(buffer, values.schema(), csv.formulas());
          while (rows.hasNext()) {
            writer.write(values.of(rows.next()));
          }
          counts[0] = writer.finish();
          buffer.flush();
        });
    return counts[0];
  }

  private TableCsvWriter.Counts writeColumns(
      ColumnFormat columns, ExportOutput output, String stem, Iterator<Row> rows)
      throws IOException {
    CountedFile file =
        CountedFile.open(
            columns.kind(),
            output.create(stem + columns.kind().extension()),
            Columns.of(values.schema()));
    long count = 0;
    try {
      for (; rows.hasNext(); count++) {
        file.file().write(cells(rows.next()));
      }
      output.count(file.finish());
    } catch (IOException | RuntimeException | Error e) {
      try {
        file.abandon();
      } catch (IOException | RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    return new TableCsvWriter.Counts(count, 0, 0);
  }

  /** Spark's values of days and microseconds are those of the columns. */
  private Object[] cells(Row row) {
    Object[] cells = new Object[values.schema().size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = row.get(i);
    }
    return cells;
  }
}
