package io.millrace.ingestion.table;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvFormat;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the rows of a CSV file one by one, with univocity, the parser that Spark's own reader runs
 * on. Used directly it tells what {@code spark.read.csv} does not (docs/adr/0011): the line that a
 * row begins in, how many values it has, and which rows a file has of its own charset and line end.
 *
 * <p>Blank lines are no rows. Holds one row at a time; a row of more than {@link #MOST_CHARACTERS}
 * characters stops the reading, since a quote that is never closed would make one of a whole file.
 */
public final class CsvReader implements AutoCloseable {
  /** A row of 16 million characters is no row: the quote that it begins with was never closed. */
  public static final int MOST_CHARACTERS = 1 << 24;

  /** Spark's own bound. */
  static final int MOST_COLUMNS = 20_480;

  private static final int BUFFER_CHARACTERS = 1 << 16;

  private final CsvParser parser;
  private final RowGuard guard;
  private final char delimiter;
  private long line = 1;

  private CsvReader(CsvParser parser, RowGuard guard, char delimiter) {
    this.parser = parser;
    this.guard = guard;
    this.delimiter = delimiter;
  }

  /** Opens a file whose charset and line end are known; closing the reader closes the bytes. */
  static CsvReader open(InputStream bytes, FileText text, CsvDialect dialect) throws IOException {
    Reader characters = new BufferedReader(new InputStreamReader(bytes, text.charset()));
    RowGuard guard = new RowGuard(characters, MOST_CHARACTERS);
    guard.skipByteOrderMark();
    CsvParser parser = new CsvParser(settings(text.lineEnd(), dialect.delimiter()));
    parser.beginParsing(guard);
    return new CsvReader(parser, guard, dialect.delimiter());
  }

  /**
   * The next row; empty at the end.
   *
   * @throws RunawayRowException if the row does not end within bounds
   */
  public Optional<CsvRow> next() throws IOException, RunawayRowException {
    while (true) {
      guard.beginRow();
      Optional<CsvRow> row = parseNext();
      if (row.isEmpty() || !isBlank(row.get())) {
        return row;
      }
    }
  }

  @Override
  public void close() {
    parser.stopParsing();
  }

  private Optional<CsvRow> parseNext() throws IOException, RunawayRowException {
    try {
      String[] cells = parser.parseNext();
      if (cells == null) {
        return Optional.empty();
      }
      String text = parser.getContext().currentParsedContent();
      CsvRow row = new CsvRow(line, Arrays.asList(withoutLineEnd(cells, text)), text);
      line += lineEnds(text);
      return Optional.of(row);
    } catch (TextParsingException e) {
      throw explained(e);
    }
  }

  private RunawayRowException explained(TextParsingException failure) throws IOException {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RowGuard.TooLongException) {
        return new RunawayRowException(
            line,
            "The row that begins in line %s has more than %s characters: a quote in it is never closed"
                .formatted(line, MOST_CHARACTERS),
            failure);
      }
      if (cause instanceof ArrayIndexOutOfBoundsException) {
        return new RunawayRowException(
            line,
            "The row that begins in line %s has more than %s values".formatted(line, MOST_COLUMNS),
            failure);
      }
      if (cause instanceof IOException io) {
        throw io;
      }
    }
    throw failure;
  }

  /**
   * The parser is told of LF alone, since it would take the kind of the first line end for that of
   * all; so of CR LF it leaves the CR to the last value, unless that one is quoted: a value without
   * quotes stands in the row as it is, from the last delimiter on.
   */
  private String[] withoutLineEnd(String[] cells, String text) {
    int last = cells.length - 1;
    String cell = cells[last];
    if (cell == null || !cell.endsWith("\r")) {
      return cells;
    }
    String row = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    int start = row.length() - cell.length();
    boolean isUnquoted = row.endsWith(cell) && (start == 0 || row.charAt(start - 1) == delimiter);
    if (isUnquoted) {
      cells[last] = cell.length() == 1 ? null : cell.substring(0, cell.length() - 1);
    }
    return cells;
  }

  private static boolean isBlank(CsvRow row) {
    String text = row.text();
    return row.size() == 1
        && (text.isEmpty() || text.equals("\n") || text.equals("\r\n") || text.equals("\r"));
  }

  private long lineEnds(String text) {
    char lineEnd = parser.getContext().lineSeparator()[0];
    return text.chars().filter(character -> character == lineEnd).count();
  }

  private static CsvParserSettings settings(char lineEnd, char delimiter) {
    CsvParserSettings settings = new CsvParserSettings();
    CsvFormat format = settings.getFormat();
    format.setDelimiter(delimiter);
    format.setQuote('"');
    format.setQuoteEscape('"');
    format.setCharToEscapeQuoteEscaping('"'); // its default, NUL, would be taken out of values
    format.setLineSeparator(String.valueOf(lineEnd));
    format.setNormalizedNewline(lineEnd);
    settings.setCommentProcessingEnabled(false); // else rows that begin with # are skipped
    settings.setSkipEmptyLines(false); // they are skipped here, and counted as lines
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setNormalizeLineEndingsWithinQuotes(false);
    settings.setNullValue(null);
    settings.setEmptyValue("");
    settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.STOP_AT_DELIMITER);
    settings.setMaxCharsPerColumn(-1); // RowGuard bounds the row
    settings.setMaxColumns(MOST_COLUMNS);
    settings.setInputBufferSize(BUFFER_CHARACTERS);
    settings.setReadInputOnSeparateThread(false);
    settings.setSkipBitsAsWhitespace(false);
    return settings;
  }
}
