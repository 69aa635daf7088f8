package io.millrace.ingestion.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.timestamp_micros;

import io.millrace.dataset.delta.spark.TableTypes;
import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.TableSchema;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that an import gathers what it read in: where a row came from; for a refused one the
 * reason, its place and a message; the columns, by number, that are null because their text is no
 * value; then the columns {@code c0}, {@code c1} and so on, under numbers since a name may hold
 * anything.
 */
final class TableBatchRows {
  static final String SOURCE = "source";
  static final String REASON_CODE = "reason_code";
  static final String PLACE = "place";
  static final String MESSAGE = "message";
  static final String UNPARSED = "unparsed";

  /** The ordinal of {@code c0}. */
  static final int FIRST_COLUMN = 5;

  private TableBatchRows() {}

  /**
   * Rows as tasks make them: days since 1970 for a Date and microseconds since 1970 for a
   * Timestamp, since Java's old classes for them count old dates by another calendar.
   */
  static StructType taskSchema(TableSchema schema) {
    StructType result =
        new StructType()
            .add(SOURCE, DataTypes.StringType)
            .add(REASON_CODE, DataTypes.StringType)
            .add(PLACE, DataTypes.StringType)
            .add(MESSAGE, DataTypes.StringType)
            .add(UNPARSED, DataTypes.createArrayType(DataTypes.IntegerType));
    for (int i = 0; i < schema.size(); i++) {
      result = result.add(column(i), taskType(schema.columns().get(i).type()));
    }
    return result;
  }

  /** A value in the form of {@link #taskSchema}. */
  static Object taskValue(Object value) {
    if (value instanceof LocalDate date) {
      return (int) date.toEpochDay();
    }
    return value instanceof LocalDateTime time
        ? (Object)
            ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time)
        : value;
  }

  /** Rows of {@link #taskSchema} with the types that datasets store. */
  static Dataset<Row> ofTasks(Dataset<Row> rows, TableSchema schema) {
    List<Column> columns =
        new ArrayList<>(
            List.of(col(SOURCE), col(REASON_CODE), col(PLACE), col(MESSAGE), col(UNPARSED)));
    for (int i = 0; i < schema.size(); i++) {
      Column value = col(column(i));
      columns.add(
          switch (schema.columns().get(i).type()) {
            case DATE -> date_from_unix_date(value).as(column(i));
            case TIMESTAMP -> timestamp_micros(value).as(column(i));
            case STRING, SHORT, INT, LONG, DOUBLE, FLOAT, BYTE, BOOLEAN -> value;
          });
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  /** Rows that have values already, in the order of the schema. */
  static Dataset<Row> ofValues(Dataset<Row> values, Column source, TableSchema schema) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                source.as(SOURCE),
                lit(null).cast(DataTypes.StringType).as(REASON_CODE),
                lit(null).cast(DataTypes.StringType).as(PLACE),
                lit(null).cast(DataTypes.StringType).as(MESSAGE),
                array().cast(DataTypes.createArrayType(DataTypes.IntegerType)).as(UNPARSED)));
    for (int i = 0; i < schema.size(); i++) {
      columns.add(
          values
              .col(quoted(values.columns()[i]))
              .cast(TableTypes.toSpark(schema.columns().get(i).type()))
              .as(column(i)));
    }
    return values.select(columns.toArray(Column[]::new));
  }

  /** The accepted rows: their source, then the dataset's columns. */
  static Dataset<Row> accepted(Dataset<Row> rows, TableSchema schema) {
    Column[] values =
        IntStream.rangeClosed(0, schema.size())
            .mapToObj(i -> col(i == 0 ? SOURCE : column(i - 1)))
            .toArray(Column[]::new);
    return rows.where(col(REASON_CODE).isNull()).select(values);
  }

  /** Place, reason and message of the refused rows. */
  static Dataset<Row> refused(Dataset<Row> rows) {
    return rows.where(col(REASON_CODE).isNotNull())
        .select(col(PLACE).as(SOURCE), col(REASON_CODE), col(MESSAGE));
  }

  /** The type of table datasets that holds Spark's values; empty if there is none. */
  static Optional<ColumnType> columnType(DataType type) {
    if (type instanceof org.apache.spark.sql.types.DecimalType decimal) {
      return Optional.of(ofDecimal(decimal.precision(), decimal.scale()));
    }
    return type.equals(DataTypes.TimestampNTZType)
        ? Optional.of(ColumnType.TIMESTAMP)
        : TableTypes.of(type);
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** Every decimal of 15 digits survives a Double; one with more is kept as text. */
  private static ColumnType ofDecimal(int precision, int scale) {
    if (scale == 0 && precision <= 9) {
      return ColumnType.INT;
    }
    if (scale == 0 && precision <= 18) {
      return ColumnType.LONG;
    }
    return precision <= 15 ? ColumnType.DOUBLE : ColumnType.STRING;
  }

  private static String column(int number) {
    return "c" + number;
  }

  private static DataType taskType(ColumnType type) {
    return switch (type) {
      case DATE -> DataTypes.IntegerType;
      case TIMESTAMP -> DataTypes.LongType;
      case STRING, SHORT, INT, LONG, DOUBLE, FLOAT, BYTE, BOOLEAN -> TableTypes.toSpark(type);
    };
  }
}
