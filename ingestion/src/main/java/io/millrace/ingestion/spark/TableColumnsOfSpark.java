package io.millrace.ingestion.spark;

import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import io.millrace.ingestion.table.TableErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns that have types already, in Parquet files and in databases, as a dataset's columns. */
final class TableColumnsOfSpark {
  private TableColumnsOfSpark() {}

  /**
   * The columns as a dataset would have them.
   *
   * @throws io.millrace.dataset.DatasetException that names all columns of types that tables do not
   *     have, such as lists and structures
   */
  static TableSchema of(String source, StructType schema) {
    List<TableColumn> columns = new ArrayList<>();
    List<String> unsupported = new ArrayList<>();
    for (StructField field : schema.fields()) {
      Optional<ColumnType> type = TableBatchRows.columnType(field.dataType());
      if (type.isPresent()) {
        columns.add(new TableColumn(field.name().strip(), type.get()));
      } else {
        unsupported.add(
            "'%s' is of type %s".formatted(field.name(), field.dataType().simpleString()));
      }
    }
    if (!unsupported.isEmpty()) {
      throw TableErrors.unsupportedColumns(source, unsupported);
    }
    return new TableSchema(columns);
  }

  /**
   * Checks that the dataset's columns have the same names in the same order, and types that hold
   * all values of the source's.
   *
   * @throws io.millrace.dataset.DatasetException that shows both
   */
  static void check(String source, String place, TableSchema dataset, TableSchema columns) {
    boolean fits =
        dataset.names().equals(columns.names())
            && IntStream.range(0, dataset.size())
                .allMatch(i -> type(dataset, i).holds(type(columns, i)));
    if (!fits) {
      throw TableErrors.otherColumns(source, dataset, place, columns);
    }
  }

  private static ColumnType type(TableSchema schema, int column) {
    return schema.columns().get(column).type();
  }
}
