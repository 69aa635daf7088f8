package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.table.TableCsvWriter;
import io.millrace.dataset.versioning.MultisetDigest;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one task wrote of a version of a table, or what several wrote together.
 *
 * @param digest of the rows
 * @param csv what the CSV files hold; nothing where none were written
 * @param files the names of the CSV files, each with the number of its rows
 */
record TableVersionPart(
    long rows, MultisetDigest digest, TableCsvWriter.Counts csv, List<CsvFile> files)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  static final TableVersionPart NOTHING =
      new TableVersionPart(0, MultisetDigest.EMPTY, TableCsvWriter.Counts.NONE, List.of());

  /** A file and how many rows it has, the header not counted. */
  record CsvFile(String name, long rows) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  TableVersionPart {
    requireNonNull(digest, "digest is null");
    requireNonNull(csv, "csv is null");
    files = List.copyOf(files);
  }

  TableVersionPart plus(TableVersionPart other) {
    return new TableVersionPart(
        rows + other.rows,
        digest.plus(other.digest),
        csv.plus(other.csv),
        Stream.concat(files.stream(), other.files.stream()).toList());
  }
}
