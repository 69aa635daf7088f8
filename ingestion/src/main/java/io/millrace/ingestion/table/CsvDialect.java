package io.millrace.ingestion.table;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * How CSV files are written. Values may stand in double quotes, a quote in them twice; quoted
 * values may hold delimiters and line ends. A backslash is an ordinary character.
 *
 * @param delimiter between values; no quote, line end or letter
 * @param nullTexts values, such as {@code NA}, that mean that there is no value
 */
public record CsvDialect(Header header, char delimiter, TableCharset charset, Set<String> nullTexts)
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
      new CsvDialect(Header.PRESENT, ',', TableCharset.AUTO, Set.of());

  public CsvDialect {
    requireNonNull(header, "header is null");
    requireNonNull(charset, "charset is null");
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
    return new CsvDialect(newHeader, delimiter, charset, nullTexts);
  }

  public CsvDialect withDelimiter(char newDelimiter) {
    return new CsvDialect(header, newDelimiter, charset, nullTexts);
  }

  public CsvDialect withCharset(TableCharset newCharset) {
    return new CsvDialect(header, delimiter, newCharset, nullTexts);
  }

  public CsvDialect withNullTexts(Set<String> newNullTexts) {
    return new CsvDialect(header, delimiter, charset, newNullTexts);
  }

  /** Another text for another way to read a file; for comparison, not for people. */
  public String reading() {
    return "csv %s %04x %s %s".formatted(header, (int) delimiter, charset, nullTexts);
  }
}
