package io.millrace.dataset.table;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.naming.NearestName;

/** What can be wrong with a schema, said to the user. */
final class TableSchemaErrors {
  private static final String EXAMPLE = "for example \"name:String, age:Int, seen:Timestamp\"";

  private TableSchemaErrors() {}

  static DatasetException empty() {
    return new DatasetException(
        "Invalid schema: it is empty (expected NAME:TYPE, separated by commas, %s)"
            .formatted(EXAMPLE));
  }

  static DatasetException noName(int number) {
    return new DatasetException(
        "Invalid schema: column %s has no name (expected NAME:TYPE, separated by commas, %s)"
            .formatted(number, EXAMPLE));
  }

  static DatasetException unclosedQuote(int number) {
    return new DatasetException(
        "Invalid schema: the name of column %s begins with a quote and never ends. Close it; a quote within a name is written twice."
            .formatted(number));
  }

  static DatasetException noType(int number, String name) {
    return new DatasetException(
        "Invalid schema: column %s, '%s', has no type (expected %s:TYPE, the type one of %s)"
            .formatted(number, name, name, types()));
  }

  static DatasetException unknownType(int number, String name, String type) {
    String hint =
        ColumnType.ofForeignName(type)
            .map(ColumnType::toString)
            .or(() -> NearestName.of(type, ColumnType.names()))
            .map(nearest -> " Did you mean %s:%s?".formatted(name, nearest))
            .orElse("");
    return new DatasetException(
        "Invalid schema: column %s, '%s', has the type '%s' (expected one of %s).%s"
            .formatted(number, name, type, types(), hint));
  }

  static DatasetException twice(String name, String twin) {
    return new DatasetException(
        "Invalid schema: the columns '%s' and '%s' have the same name; case does not tell columns apart. Rename one of them."
            .formatted(name, twin));
  }

  private static String types() {
    return String.join(", ", ColumnType.names());
  }
}
