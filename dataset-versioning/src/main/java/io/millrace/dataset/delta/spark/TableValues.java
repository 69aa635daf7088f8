package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a table dataset as values of {@link ColumnType#value}: a Date passes Spark as days
 * and a Timestamp as microseconds since 1970, since Java's old classes for them count old dates by
 * another calendar.
 */
record TableValues(TableSchema schema) implements Serializable {
  private static final long MICROS_A_SECOND = 1_000_000;
  private static final int NANOS_A_MICRO = 1000;

  /** The columns of the schema, in its order, as {@link #of} takes them. */
  Dataset<Row> select(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>(schema.size());
    for (TableColumn column : schema.columns()) {
      Column value = rows.col(quoted(column.name()));
      columns.add(
          switch (column.type()) {
            case DATE -> unix_date(value);
            case TIMESTAMP -> unix_micros(value);
            case STRING, SHORT, INT, LONG, DOUBLE, FLOAT, BYTE, BOOLEAN -> value;
          });
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  /** The values of a row of {@link #select}; null for none. */
  List<Object> of(Row row) {
    Object[] values = new Object[schema.size()];
    for (int i = 0; i < values.length; i++) {
      if (!row.isNullAt(i)) {
        values[i] = value(schema.columns().get(i).type(), row, i);
      }
    }
    return Arrays.asList(values);
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private static Object value(ColumnType type, Row row, int column) {
    return switch (type) {
      case DATE -> LocalDate.ofEpochDay(row.getInt(column));
      case TIMESTAMP -> timestamp(row.getLong(column));
      case STRING, SHORT, INT, LONG, DOUBLE, FLOAT, BYTE, BOOLEAN -> row.get(column);
    };
  }

  private static LocalDateTime timestamp(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, MICROS_A_SECOND),
        (int) Math.floorMod(micros, MICROS_A_SECOND) * NANOS_A_MICRO,
        ZoneOffset.UTC);
  }
}
