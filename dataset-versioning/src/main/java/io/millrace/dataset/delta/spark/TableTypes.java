package io.millrace.dataset.delta.spark;

import io.millrace.dataset.table.ColumnType;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

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
}
