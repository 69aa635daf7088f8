package io.millrace.ingestion.table;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A row of a CSV file.
 *
 * @param line where it begins, from 1
 * @param cells its values; null for nothing between two delimiters, empty text for {@code ""}
 * @param text the row as it stands in the file, with its line end
 */
public record CsvRow(long line, List<String> cells, String text) {
  private static final int SHOWN = 200;

  public CsvRow {
    requireNonNull(cells, "cells is null");
    requireNonNull(text, "text is null");
    cells = Collections.unmodifiableList(cells); // List.copyOf takes no nulls
  }

  public int size() {
    return cells.size();
  }

  /** The value of a column; empty for nothing between two delimiters. */
  public Optional<String> cell(int column) {
    return Optional.ofNullable(cells.get(column));
  }

  /** The row without its line end, cut after 200 characters. */
  public String abbreviated() {
    String plain = text.stripTrailing();
    return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "...";
  }

  /** Whether a quote in it is never closed: it then holds all that follows in the file. */
  boolean hasOpenQuote() {
    return text.chars().filter(character -> character == '"').count() % 2 != 0;
  }
}
