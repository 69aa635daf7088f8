package io.millrace.dataset.table;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.univocity.parsers.csv.CsvFormat;
import com.univocity.parsers.csv.CsvWriter;
import com.univocity.parsers.csv.CsvWriterSettings;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes rows of a table dataset as a CSV file, with univocity: UTF-8, a header, commas, line ends
 * of a line feed, quotes where they are needed and twice within quotes. Nothing between two commas
 * is no value, {@code ""} an empty text.
 *
 * <p>An import of tables reads the same values back, by the same schema and {@link FormulaGuard};
 * what it cannot is counted (see {@link Counts}).
 */
public final class TableCsvWriter {
  /** Characters that would end a value, or be taken for a byte order mark. */
  private static final char[] QUOTED = {'\r', '\n', '\t', '\0', '\uFEFF'};

  private final TableSchema schema;
  private final FormulaGuard guard;
  private final CsvWriter csv;
  private final String[] cells;
  private long rows;
  private long guarded;
  private long unreadable;

  /**
   * What a file holds.
   *
   * @param rows without the header
   * @param guarded texts that got a tab in front
   * @param unreadable values that an import does not read back: days outside the years 0001 to
   *     9999, and missing texts of a table with one column, which are written as empty ones since a
   *     blank line is no row
   */
  public record Counts(long rows, long guarded, long unreadable) implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final Counts NONE = new Counts(0, 0, 0);

    public Counts plus(Counts other) {
      return new Counts(rows + other.rows, guarded + other.guarded, unreadable + other.unreadable);
    }
  }

  /** Writes the header. The stream stays the caller's. */
  public TableCsvWriter(OutputStream out, TableSchema schema, FormulaGuard guard) {
    this.schema = requireNonNull(schema, "schema is null");
    this.guard = requireNonNull(guard, "guard is null");
    this.csv = new CsvWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), settings());
    this.cells = new String[schema.size()];
    List<String> names = schema.names();
    for (int i = 0; i < cells.length; i++) {
      cells[i] = guard.guarded(names.get(i));
    }
    csv.writeRow(cells);
  }

  /**
   * Writes a row.
   *
   * @param values one a column, of the types that {@link ColumnType#value} returns; null for none
   */
  public void write(List<?> values) {
    checkArgument(
        values.size() == cells.length,
        "Cannot write a row of %s values: the table has %s columns",
        values.size(),
        cells.length);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cell(schema.columns().get(i).type(), values.get(i));
    }
    csv.writeRow(cells);
    rows++;
  }

  /** Hands everything to the stream, and says what was written. */
  public Counts finish() {
    csv.flush();
    return new Counts(rows, guarded, unreadable);
  }

  private String cell(ColumnType type, Object value) {
    if (value == null) {
      if (cells.length > 1) {
        return null;
      }
      unreadable += type == ColumnType.STRING ? 1 : 0;
      return "";
    }
    String text = type.text(value);
    if (type == ColumnType.STRING) {
      String safe = guard.guarded(text);
      guarded += safe.length() - text.length();
      return safe;
    }
    boolean isTime = type == ColumnType.DATE || type == ColumnType.TIMESTAMP;
    unreadable += isTime && type.value(text).isEmpty() ? 1 : 0;
    return text;
  }

  private static CsvWriterSettings settings() {
    CsvWriterSettings settings = new CsvWriterSettings();
    CsvFormat format = settings.getFormat();
    format.setDelimiter(',');
    format.setQuote('"');
    format.setQuoteEscape('"');
    format.setCharToEscapeQuoteEscaping('"');
    format.setLineSeparator("\n");
    format.setNormalizedNewline('\n');
    settings.setQuotationTriggers(QUOTED);
    settings.setQuoteEscapingEnabled(true);
    settings.setNormalizeLineEndingsWithinQuotes(false);
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setSkipEmptyLines(false);
    settings.setSkipBitsAsWhitespace(false);
    settings.setNullValue(null);
    settings.setEmptyValue("\"\"");
    return settings;
  }
}
