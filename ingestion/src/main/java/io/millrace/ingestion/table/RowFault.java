package io.millrace.ingestion.table;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.table.TableSchema;
import io.millrace.ingestion.RejectReason;
import java.util.Optional;

/**
 * Why a row of a CSV file cannot be taken.
 *
 * @param message a sentence with the first 200 characters of the row
 */
public record RowFault(RejectReason reason, String message) {
  public RowFault {
    requireNonNull(reason, "reason is null");
    requireNonNull(message, "message is null");
  }

  /**
   * What is wrong with a row; empty if it can be taken, whatever its values are.
   *
   * @param lineCharacters it may have, its line ends included
   */
  public static Optional<RowFault> of(CsvRow row, TableSchema schema, long lineCharacters) {
    long lines = row.text().stripTrailing().lines().count();
    if (row.hasOpenQuote() && lines > 1) {
      return fault(
          RejectReason.UNCLOSED_QUOTE,
          "A quote in this row is not closed where it should be, so it took %s lines for one row",
          lines,
          row);
    }
    if (row.text().length() > lineCharacters) {
      return fault(
          RejectReason.ROW_TOO_LARGE,
          "The row has " + row.text().length() + " characters, the limit (limits.lineBytes) is %s",
          lineCharacters,
          row);
    }
    if (row.size() != schema.size()) {
      return fault(
          RejectReason.COLUMN_COUNT,
          "The row has " + row.size() + " values, the table has %s columns",
          schema.size(),
          row);
    }
    return Optional.empty();
  }

  private static Optional<RowFault> fault(
      RejectReason reason, String template, long number, CsvRow row) {
    return Optional.of(new RowFault(reason, template.formatted(number) + ": " + row.abbreviated()));
  }
}
