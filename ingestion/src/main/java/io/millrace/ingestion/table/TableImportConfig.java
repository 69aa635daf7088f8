package io.millrace.ingestion.table;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.Limits;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.OnError;

/**
 * What a table import is asked to do.
 *
 * @param dataset where the dataset lies; not in the source itself, nor below it
 * @param onError what happens at the first row that cannot be taken
 * @param maxRejects how many rows may be refused before the import gives up; a file that is refused
 *     as a whole counts as one
 * @param inferenceRows the types of columns that a dataset has not yet are inferred from so many
 *     rows of each file, counted from its beginning; {@link #ALL_ROWS} for all
 * @param limits {@code sampleBytes} bounds a file, {@code lineBytes} the characters of a row
 */
public record TableImportConfig(
    DatasetLayout dataset,
    TableSource source,
    OnError onError,
    FailureLimit maxRejects,
    long inferenceRows,
    Limits limits) {
  public static final long ALL_ROWS = Long.MAX_VALUE;

  public TableImportConfig {
    requireNonNull(dataset, "dataset is null");
    requireNonNull(source, "source is null");
    requireNonNull(onError, "onError is null");
    requireNonNull(maxRejects, "maxRejects is null");
    requireNonNull(limits, "limits is null");
    checkArgument(
        inferenceRows >= 1, "Invalid inference rows: %s (expected at least 1)", inferenceRows);
    if (source instanceof TableFiles files) {
      StorageUri address = files.address();
      if (dataset.root().isSameOrBelow(address)) {
        throw ImportErrors.datasetInsideSource(address, dataset.root());
      }
    }
  }

  /** An import with all settings at their defaults. */
  public static TableImportConfig of(DatasetLayout dataset, TableSource source) {
    return new TableImportConfig(
        dataset, source, OnError.SKIP, FailureLimit.UNLIMITED, ALL_ROWS, Limits.DEFAULT);
  }
}
