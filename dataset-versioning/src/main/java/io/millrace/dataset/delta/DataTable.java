package io.millrace.dataset.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;

/**
 * The table {@code data} of a table dataset, without its rows. Its schema is the dataset's: it is
 * fixed by the commit that makes the table, be that when the dataset is created or with the first
 * rows.
 *
 * <p>Before the dataset's columns stand {@code _source} and {@code _import_id}, first so that Delta
 * keeps statistics of them.
 */
public final class DataTable {
  private static final String COLUMN_MAPPING = "delta.columnMapping.mode";

  /** What a Parquet file cannot have in the name of a column, says Delta. */
  private static final String NOT_IN_PARQUET = " ,;{}()\n\t=";

  private DataTable() {}

  /** The directories that ModelArts gives a table dataset. */
  static void createDirectories(DatasetLayout layout) throws IOException {
    FileSystem files = HadoopPaths.fileSystem(layout.root());
    for (String directory : List.of("annotation", "data", "logs", "temp")) {
      files.mkdirs(HadoopPaths.of(layout.root().resolve(directory)));
    }
  }

  static void create(DatasetLayout layout, TableSchema schema) throws IOException {
    KernelTable.at(layout.dataTable()).create(toKernel(schema), List.of(), tableProperties(schema));
  }

  /** The columns of a table dataset; empty until they were given or imported. */
  public static Optional<TableSchema> schema(DatasetLayout layout) {
    return KernelTable.at(layout.dataTable())
        .snapshot()
        .map(Snapshot::getSchema)
        .map(DataTable::fromKernel);
  }

  /**
   * What a table with these columns needs: names that a Parquet file cannot have are mapped to
   * others, which Delta's first readers do not know; so only where it is needed.
   */
  public static Map<String, String> tableProperties(TableSchema schema) {
    boolean needsMapping =
        schema.names().stream()
            .flatMapToInt(String::chars)
            .anyMatch(character -> NOT_IN_PARQUET.indexOf(character) >= 0);
    return needsMapping ? Map.of(COLUMN_MAPPING, "name") : Map.of();
  }

  private static StructType toKernel(TableSchema schema) {
    StructType result =
        new StructType()
            .add(TableColumn.SOURCE, StringType.STRING)
            .add(TableColumn.IMPORT_ID, StringType.STRING);
    for (TableColumn column : schema.columns()) {
      result = result.add(column.name(), toKernel(column.type()));
    }
    return result;
  }

  private static DataType toKernel(ColumnType type) {
    return switch (type) {
      case STRING -> StringType.STRING;
      case SHORT -> ShortType.SHORT;
      case INT -> IntegerType.INTEGER;
      case LONG -> LongType.LONG;
      case DOUBLE -> DoubleType.DOUBLE;
      case FLOAT -> FloatType.FLOAT;
      case BYTE -> ByteType.BYTE;
      case DATE -> DateType.DATE;
      case TIMESTAMP -> TimestampType.TIMESTAMP;
      case BOOLEAN -> BooleanType.BOOLEAN;
    };
  }

  private static TableSchema fromKernel(StructType schema) {
    return new TableSchema(
        schema.fields().stream()
            .filter(field -> !TableColumn.isReserved(field.getName()))
            .map(field -> new TableColumn(field.getName(), fromKernel(field)))
            .toList());
  }

  private static ColumnType fromKernel(StructField field) {
    return Arrays.stream(ColumnType.values())
        .filter(type -> toKernel(type).equals(field.getDataType()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Column %s has the type %s, which table datasets do not have"
                        .formatted(field.getName(), field.getDataType())));
  }
}
