package io.millrace.dataset.delta.spark;

import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The one mapping between the types of table datasets and Spark's. */
public final class TableTypes {
  private TableTypes() {}

  public static DataType toSpark(ColumnType type) {
    return switch (type) {
      case STRING -> DataTypes.StringType;
      case SHORT -> DataTypes.ShortType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case DOUBLE -> DataTypes.DoubleType;
      case FLOAT -> DataTypes.FloatType;
      case BYTE -> DataTypes.ByteType;
      case DATE -> DataTypes.DateType;
      case TIMESTAMP -> DataTypes.TimestampType;
      case BOOLEAN -> DataTypes.BooleanType;
    };
  }

  /** The type that Spark has under this very name; empty for one that table datasets lack. */
  public static Optional<ColumnType> of(DataType type) {
    return Arrays.stream(ColumnType.values())
        .filter(candidate -> toSpark(candidate).equals(type))
        .findFirst();
  }

  /** The columns that rows of a table dataset have in Spark. */
  static TableSchema schema(StructType rows) {
    return new TableSchema(
        Arrays.stream(rows.fields())
            .map(field -> new TableColumn(field.name(), of(field.dataType()).orElseThrow()))
            .toList());
  }
}
