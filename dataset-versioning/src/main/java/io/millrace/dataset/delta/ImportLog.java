package io.millrace.dataset.delta;

import static io.delta.kernel.types.StringType.STRING;
import static io.delta.kernel.types.TimestampType.TIMESTAMP;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.types.StructType;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.ImportRecord;
import io.millrace.dataset.StorageUri;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code imports}: one row an import that changed the dataset, or was about to when it
 * was killed. The row comes before the samples that name it as their origin, so that every origin
 * can be looked up.
 */
public final class ImportLog {
  private static final Logger log = LoggerFactory.getLogger(ImportLog.class);
  private static final StructType SCHEMA =
      new StructType()
          .add("import_id", STRING)
          .add("source", STRING)
          .add("format", STRING)
          .add("settings", STRING)
          .add("started_at", TIMESTAMP);

  private final DatasetLayout layout;
  private final KernelTable table;

  private ImportLog(DatasetLayout layout) {
    this.layout = layout;
    this.table = KernelTable.at(layout.importsTable());
  }

  public static ImportLog of(DatasetLayout layout) {
    return new ImportLog(layout);
  }

  /** All imports, oldest first. */
  public List<ImportRecord> read() {
    Optional<Snapshot> snapshot = table.snapshot();
    if (snapshot.isEmpty()) {
      return List.of();
    }
    try {
      return table.rows(snapshot.get(), ImportLog::record).stream()
          .sorted(Comparator.comparing(ImportRecord::startedAt))
          .toList();
    } catch (IOException e) {
      throw DatasetErrors.unreadable(layout.importsTable(), e);
    }
  }

  /** Adds an import; others may do so at the same time. */
  public void append(ImportRecord record) {
    Object[] row = {
      record.id().value(),
      record.source().value(),
      record.format(),
      record.settings(),
      KernelTable.micros(record.startedAt())
    };
    try {
      Optional<Snapshot> snapshot = table.snapshot();
      if (snapshot.isPresent()) {
        table.append(snapshot.get(), record.id().value(), 1, row);
      } else {
        create(record, row);
      }
    } catch (IOException e) {
      throw DatasetErrors.unwritable(layout.importsTable(), e);
    }
  }

  private void create(ImportRecord record, Object[] row) throws IOException {
    List<Object[]> rows = new ArrayList<>(1);
    rows.add(row);
    try {
      table.create(SCHEMA, rows);
    } catch (TableAlreadyExistsException e) {
      log.debug("Another import made {} first", layout.importsTable(), e);
      table.append(table.snapshot().orElseThrow(), record.id().value(), 1, row);
    }
  }

  private static ImportRecord record(Row row) {
    return new ImportRecord(
        new ImportId(row.getString(0)),
        StorageUri.parse(row.getString(1)),
        row.getString(2),
        row.getString(3),
        KernelTable.instant(row.getLong(4)));
  }
}
