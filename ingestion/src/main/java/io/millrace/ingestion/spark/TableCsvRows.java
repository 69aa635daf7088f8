package io.millrace.ingestion.spark;

import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.TableSchema;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.table.CsvDialect;
import io.millrace.ingestion.table.CsvReader;
import io.millrace.ingestion.table.CsvRow;
import io.millrace.ingestion.table.RowFault;
import io.millrace.ingestion.table.RunawayRowException;
import io.millrace.ingestion.table.TableErrors;
import io.millrace.ingestion.table.TableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Reads a CSV file in a task, as a stream of rows of {@link TableBatchRows#taskSchema}.
 *
 * @param lineCharacters a row may have
 */
record TableCsvRows(
    TableSchema schema, CsvDialect dialect, long lineCharacters, StorageSettings settings)
    implements FlatMapFunction<TableCsvFile, Row> {
  private static final long serialVersionUID = 1L;

  @Override
  public Iterator<Row> call(TableCsvFile csv) throws IOException, RunawayRowException {
    TableFile file = csv.file();
    ObjectStore store = ObjectStores.of(file.uri(), settings);
    boolean isSame =
        store
            .find(file.uri())
            .map(found -> TableFile.of(found).fingerprint().equals(file.fingerprint()))
            .orElse(false);
    if (!isSame) {
      throw TableErrors.changedWhileRead(file.source());
    }
    CsvReader reader = csv.scan().open(store.open(file.uri()), dialect);
    TaskContext.get().addTaskCompletionListener(new Closing(reader));
    if (dialect.header() == CsvDialect.Header.PRESENT) {
      reader.next();
    }
    return new Rows(reader, file.source());
  }

  private Row row(CsvRow row, String source) {
    Object[] cells = new Object[TableBatchRows.FIRST_COLUMN + schema.size()];
    cells[0] = source;
    Optional<RowFault> fault = RowFault.of(row, schema, lineCharacters);
    if (fault.isPresent()) {
      RejectReason reason = fault.get().reason();
      cells[1] = reason.code();
      cells[2] = source + ":" + row.line();
      cells[3] = fault.get().message();
      cells[4] = new Integer[0];
      return RowFactory.create(cells);
    }
    List<Integer> unparsed = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      ColumnType type = schema.columns().get(i).type();
      Optional<String> cell = dialect.text(row.cell(i), type);
      Optional<Object> value = cell.flatMap(type::value);
      if (cell.isPresent() && value.isEmpty()) {
        unparsed.add(i);
      }
      cells[TableBatchRows.FIRST_COLUMN + i] =
          value.map(TableBatchRows::taskValue).orElse(null); // as a Row says it
    }
    cells[4] = unparsed.toArray(Integer[]::new);
    return RowFactory.create(cells);
  }

  private final class Rows implements Iterator<Row> {
    private final CsvReader reader;
    private final String source;
    private Optional<CsvRow> next;

    Rows(CsvReader reader, String source) {
      this.reader = reader;
      this.source = source;
      this.next = read();
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public Row next() {
      Row row = row(next.orElseThrow(NoSuchElementException::new), source);
      next = read();
      return row;
    }

    private Optional<CsvRow> read() {
      try {
        return reader.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (RunawayRowException e) { // the scan read the same bytes to their end
        throw TableErrors.changedWhileRead(source);
      }
    }
  }

  /** Closes a file when the task that reads it ends, however it ends. */
  private record Closing(CsvReader reader) implements TaskCompletionListener {
    @Override
    public void onTaskCompletion(TaskContext context) {
      reader.close();
    }
  }
}
