package io.millrace.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Standard output of a command: a table or lines for people, or one JSON document for programs. */
public final class Console {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final String COLUMN_GAP = "  ";

  private final PrintWriter out;
  private final OutputFormat format;

  public Console(PrintWriter out, OutputFormat format) {
    this.out = out;
    this.format = format;
  }

  /** A line for people; nothing is printed where JSON was asked for. */
  public void line(String text) {
    if (format == OutputFormat.TEXT) {
      out.println(text);
      out.flush();
    }
  }

  /** The result for programs; nothing is printed where text was asked for. */
  public void json(JsonNode result) {
    if (format == OutputFormat.JSON) {
      try {
        out.println(JSON.writeValueAsString(result));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("A tree of JSON nodes can always be written", e);
      }
      out.flush();
    }
  }

  /** One of many results for programs, on a line of its own; nothing where text was asked for. */
  public void jsonLine(JsonNode result) {
    if (format == OutputFormat.JSON) {
      out.println(result);
      out.flush();
    }
  }

  /** The result for programs, given as the text of a JSON document. */
  public void json(String document) {
    try {
      json(JSON.readTree(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report's JSON cannot be read back", e);
    }
  }

  /**
   * Rows below a header, columns as wide as their widest cell; nothing where JSON was asked for.
   */
  public void table(List<String> header, List<List<String>> rows) {
    int[] widths = new int[header.size()];
    for (int column = 0; column < widths.length; column++) {
      int at = column;
      widths[column] =
          rows.stream()
              .mapToInt(row -> row.get(at).length())
              .reduce(header.get(column).length(), Math::max);
    }
    line(tableRow(header, widths));
    rows.forEach(row -> line(tableRow(row, widths)));
  }

  private static String tableRow(List<String> cells, int[] widths) {
    StringBuilder row = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      row.append(column == 0 ? "" : COLUMN_GAP)
          .append(cells.get(column))
          .append(" ".repeat(widths[column] - cells.get(column).length()));
    }
    return row.toString().stripTrailing();
  }

  /** A number of bytes for people, in powers of 1024: {@code 512 B}, {@code 1.5 MB}. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    do {
      value /= 1024;
      unit++;
    } while (value >= 1024 && unit < 4);
    return String.format(Locale.ROOT, "%.1f %sB", value, "KMGTP".charAt(unit));
  }

  /** A point in time for people, in UTC to the second: {@code 2026-11-22 01:09:00}. */
  public static String time(Instant time) {
    return TIME.format(time);
  }
}
