package io.millrace.ingestion.table;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.table.TableColumn;

/**
 * The nulls that an import put into a column.
 *
 * @param empty where there was no value, or one of the texts that mean none
 * @param unparsed where there was a text that is no value of the column's type
 */
public record ColumnTally(TableColumn column, long empty, long unparsed) {
  public ColumnTally {
    requireNonNull(column, "column is null");
    if (empty < 0 || unparsed < 0) {
      throw new IllegalStateException(
          "Column %s has %s empty and %s unparsed values".formatted(column, empty, unparsed));
    }
  }
}
