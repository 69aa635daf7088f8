package io.millrace.ingestion.table;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;

/**
 * Files with rows.
 *
 * @param address a directory, whose {@code .csv} or {@code .parquet} files are read, those in
 *     directories below it too; or a file, which is read as Parquet if its name ends so, else as
 *     CSV
 * @param dialect how CSV files are written
 */
public record TableFiles(StorageUri address, CsvDialect dialect) implements TableSource {
  public TableFiles {
    requireNonNull(address, "address is null");
    requireNonNull(dialect, "dialect is null");
    checkArgument(
        !address.isContent(),
        "Cannot import %s: it is inline content. Give the address of a file or a directory.",
        address);
  }

  @Override
  public String description() {
    return address.toString();
  }
}
