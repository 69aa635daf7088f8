package io.millrace.ingestion.table;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.FormulaGuard;
import java.io.Serializable;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How CSV files are written. Values may stand in double quotes, a quote in them twice; quoted
 * values may hold delimiters and line ends. A backslash is an ordinary character.
 *
 * @param delimiter between values; no quote, line end or letter
 * @param nullTexts values, such as {@code NA}, that mean that there is no value
 * @param formulas whether the tab is taken away that csv-safe files have in front of texts that
 *     look like formulas; other files are read as they stand
 */
public record CsvDialect(
    Header header,
    char delimiter,
    TableCharset charset,
    Set<String> nullTexts,
    FormulaGuard formulas)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Whether the first row of a file names the columns. */
  public enum Header {
    /** It does. */
    PRESENT,
    /** The first row is a row like others; the columns are attr_1 to attr_n. */
    ABSENT
  }

  public static final CsvDialect DEFAULT =
      new CsvDialect(Header.PRESENT, ',', TableCharset.AUTO, Set.of(), FormulaGuard.OFF);

  public CsvDialect {
    requireNonNull(header, "header is null");
    requireNonNull(charset, "charset is null");
    requireNonNull(formulas, "formulas is null");
    nullTexts = Collections.unmodifiableSet(new TreeSet<>(nullTexts));
    checkArgument(
        delimiter != '"'
            && delimiter != '\r'
            && delimiter != '\n'
            && delimiter != '\uFEFF'
            && !Character.isLetterOrDigit(delimiter),
        "Invalid delimiter: '%s' (expected one character such as , ; | or a tab; no quote, letter or digit)",
        delimiter == '\r' || delimiter == '\n' ? "a line end" : delimiter);
  }

  /**
   * The delimiter that a text means: the character itself, or {@code \t} or {@code tab}.
   *
   * @throws io.millrace.dataset.DatasetException if the text is longer or empty
   */
  public static char delimiter(String text) {
    if (text.equals("\\t") || text.equalsIgnoreCase("tab")) {
      return '\t';
    }
    checkArgument(
        text.length() == 1,
        "Invalid delimiter: '%s' (expected one character such as , ; | or \\t)",
        text);
    return text.charAt(0);
  }

  public CsvDialect withHeader(Header newHeader) {
    return new CsvDialect(newHeader, delimiter, charset, nullTexts, formulas);
  }

  public CsvDialect withDelimiter(char newDelimiter) {
    return new CsvDialect(header, newDelimiter, charset, nullTexts, formulas);
  }

  public CsvDialect withCharset(TableCharset newCharset) {
    return new CsvDialect(header, delimiter, newCharset, nullTexts, formulas);
  }

  public CsvDialect withNullTexts(Set<String> newNullTexts) {
    return new CsvDialect(header, delimiter, charset, newNullTexts, formulas);
  }

  public CsvDialect withFormulas(FormulaGuard newFormulas) {
    return new CsvDialect(header, delimiter, charset, nullTexts, newFormulas);
  }

  /**
   * The text that a cell means in a column; empty if it means that there is no value. Empty text is
   * a value of a String alone, where quotes say that it is meant.
   */
  public Optional<String> text(Optional<String> cell, ColumnType type) {
    return cell.map(formulas::unguarded)
        .filter(
            text -> (!text.isEmpty() || type == ColumnType.STRING) && !nullTexts.contains(text));
  }

  /** Another text for another way to read a file; for comparison, not for people. */
  public String reading() {
    return "csv %s %04x %s %s%s"
        .formatted(
            header,
            (int) delimiter,
            charset,
            nullTexts,
            formulas == FormulaGuard.ON ? " csv-safe" : "");
  }
}
