package io.millrace.dataset.table;

import java.util.ArrayList;
import java.util.List;

/** The text form of a schema, read from left to right. */
final class SchemaText {
  private final String text;
  private int at;

  private SchemaText(String text) {
    this.text = text;
  }

  static List<TableColumn> columns(String text) {
    if (text.isBlank()) {
      throw TableSchemaErrors.empty();
    }
    SchemaText reader = new SchemaText(text);
    List<TableColumn> columns = new ArrayList<>();
    do {
      columns.add(reader.column(columns.size() + 1));
    } while (reader.skip(','));
    return columns;
  }

  static String quotedWhereNeeded(String name) {
    return name.matches("[^,:\"]+") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  private TableColumn column(int number) {
    skipSpace();
    String name = at < text.length() && text.charAt(at) == '"' ? quoted(number) : upTo(":,");
    if (name.isEmpty()) {
      throw TableSchemaErrors.noName(number);
    }
    skipSpace();
    if (!skip(':')) {
      throw TableSchemaErrors.noType(number, name);
    }
    String type = upTo(",");
    return new TableColumn(
        name,
        ColumnType.of(type).orElseThrow(() -> TableSchemaErrors.unknownType(number, name, type)));
  }

  private String quoted(int number) {
    StringBuilder name = new StringBuilder();
    for (at++; at < text.length(); at++) {
      if (text.charAt(at) != '"') {
        name.append(text.charAt(at));
      } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
        name.append('"');
        at++;
      } else {
        at++;
        return name.toString();
      }
    }
    throw TableSchemaErrors.unclosedQuote(number);
  }

  private String upTo(String ends) {
    int start = at;
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at).strip();
  }

  private boolean skip(char expected) {
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
