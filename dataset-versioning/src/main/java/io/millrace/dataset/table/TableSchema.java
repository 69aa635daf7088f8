package io.millrace.dataset.table;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The columns of a table dataset, in their order.
 *
 * @param columns at least one; no two names that differ in case at most, since tables do not tell
 *     such columns apart
 */
public record TableSchema(List<TableColumn> columns) implements Serializable {
  private static final long serialVersionUID = 1L;

  public TableSchema {
    columns = List.copyOf(columns);
    checkArgument(!columns.isEmpty(), "Invalid schema: it has no column (expected at least one)");
    Map<String, TableColumn> known = new HashMap<>();
    for (TableColumn column : columns) {
      TableColumn twin = known.put(column.name().toLowerCase(Locale.ROOT), column);
      if (twin != null) {
        throw TableSchemaErrors.twice(twin.name(), column.name());
      }
    }
  }

  /**
   * Reads a schema such as {@code name:String, age:Int, seen:Timestamp}. A name with a comma, a
   * colon or a quote stands in double quotes, a quote in it twice.
   *
   * @throws io.millrace.dataset.DatasetException that names the column and what is wrong with it
   */
  public static TableSchema parse(String text) {
    return new TableSchema(SchemaText.columns(text));
  }

  /** The name of a column of a table without header; the first is number 1. */
  public static String attribute(int number) {
    return "attr_" + number;
  }

  public int size() {
    return columns.size();
  }

  public List<String> names() {
    return columns.stream().map(TableColumn::name).toList();
  }

  /**
   * This schema beside another, one line a column, an asterisk before those that differ:
   *
   * <pre>
   *     a.csv      b.csv
   *     name:String  name:String
   *   * age:Int      age:Date
   *   * seen:Date    -
   * </pre>
   */
  public String besides(TableSchema other, String title, String otherTitle) {
    List<String> left = cells(title, this);
    List<String> right = cells(otherTitle, other);
    int rows = Math.max(left.size(), right.size());
    int width = left.stream().mapToInt(String::length).max().orElse(0);
    List<String> lines = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      String mine = row < left.size() ? left.get(row) : "-";
      String theirs = row < right.size() ? right.get(row) : "-";
      boolean differs = row > 0 && !mine.equals(theirs);
      lines.add(
          "%s%s%s  %s"
              .formatted(differs ? "  * " : "    ", mine, " ".repeat(width - mine.length()), theirs)
              .stripTrailing());
    }
    return String.join("\n", lines);
  }

  private static List<String> cells(String title, TableSchema schema) {
    return IntStream.rangeClosed(0, schema.size())
        .mapToObj(row -> row == 0 ? title : schema.columns.get(row - 1).toString())
        .toList();
  }

  /** The text that {@link #parse} reads. */
  @Override
  public String toString() {
    return columns.stream().map(TableColumn::toString).collect(Collectors.joining(", "));
  }
}
