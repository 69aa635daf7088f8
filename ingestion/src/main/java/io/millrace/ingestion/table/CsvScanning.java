package io.millrace.ingestion.table;

import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.table.TypeEvidence;
import io.millrace.ingestion.RejectReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The reading of one file's rows, to see what its columns are. */
final class CsvScanning {
  private final CsvDialect dialect;
  private final long inferenceRows;
  private final List<TypeEvidence> evidence = new ArrayList<>();
  private long rows;

  CsvScanning(CsvDialect dialect, long inferenceRows) {
    this.dialect = dialect;
    this.inferenceRows = inferenceRows;
  }

  CsvFileScan read(CsvReader reader, FileText text) throws IOException, RunawayRowException {
    Optional<CsvRow> row = reader.next();
    if (row.isEmpty()) {
      return dialect.header() == CsvDialect.Header.PRESENT
          ? new CsvFileScan.Refused(
              RejectReason.EMPTY_FILE, "The file has no row, not even one that names columns.")
          : new CsvFileScan.Refused(RejectReason.EMPTY_FILE, "The file has no row.");
    }
    List<String> names = names(row.get());
    evidence.addAll(Collections.nCopies(names.size(), TypeEvidence.NONE));
    if (dialect.header() == CsvDialect.Header.PRESENT) {
      row = reader.next();
    }
    while (row.isPresent()) {
      add(row.get());
      row = reader.next();
    }
    return new CsvFileScan.Known(text, names, evidence);
  }

  private void add(CsvRow row) {
    if (rows++ >= inferenceRows || row.size() != evidence.size()) {
      return;
    }
    for (int i = 0; i < row.size(); i++) {
      Optional<String> text =
          dialect.text(row.cell(i), ColumnType.STRING).filter(cell -> !cell.isEmpty());
      if (text.isPresent()) {
        evidence.set(i, evidence.get(i).with(text.get()));
      }
    }
  }

  /** Space around a name does not count, and a column without name gets one by its place. */
  private List<String> names(CsvRow first) {
    boolean isHeader = dialect.header() == CsvDialect.Header.PRESENT;
    return IntStream.range(0, first.size())
        .mapToObj(
            i ->
                first
                    .cell(i)
                    .filter(cell -> isHeader && !cell.isBlank())
                    .map(String::strip)
                    .orElseGet(() -> TableSchema.attribute(i + 1)))
        .toList();
  }
}
