package io.millrace.dataset.delta.spark;

import io.millrace.dataset.columns.CellType;
import io.millrace.dataset.columns.CellType.ListOf;
import io.millrace.dataset.columns.CellType.Plain;
import io.millrace.dataset.columns.CellType.Struct;
import io.millrace.dataset.columns.Column;
import io.millrace.dataset.columns.Columns;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Columns as Spark has them. */
final class SparkColumns {
  private SparkColumns() {}

  static StructType schema(Columns columns) {
    StructType schema = new StructType();
    for (Column column : columns.list()) {
      schema = schema.add(column.name(), type(column.type()));
    }
    return schema;
  }

  /** Cells as a row that Spark takes. */
  static Row row(Object[] cells, Columns columns) {
    Object[] values = new Object[cells.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = toSpark(cells[i], columns.list().get(i).type());
    }
    return RowFactory.create(values);
  }

  /** The first cells of a row, of these columns: of one that was made here, or that Spark read. */
  static Object[] cells(Row row, Columns columns) {
    Object[] cells = new Object[columns.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = row.isNullAt(i) ? null : fromSpark(row, i, columns.list().get(i).type());
    }
    return cells;
  }

  private static DataType type(CellType type) {
    if (type instanceof ListOf list) {
      return DataTypes.createArrayType(type(list.element()));
    }
    if (type instanceof Struct struct) {
      return schema(struct.columns());
    }
    return switch ((Plain) type) {
      case TEXT -> DataTypes.StringType;
      case BYTE -> DataTypes.ByteType;
      case SHORT -> DataTypes.ShortType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case FLOAT -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case BOOLEAN -> DataTypes.BooleanType;
      case DATE -> DataTypes.DateType;
      case TIMESTAMP -> DataTypes.TimestampType;
      case BYTES -> DataTypes.BinaryType;
    };
  }

  private static Object toSpark(Object cell, CellType type) {
    if (cell == null) {
      return null;
    }
    if (type == Plain.TIMESTAMP) {
      return Timestamp.from(Instant.EPOCH.plus((long) cell, ChronoUnit.MICROS));
    }
    if (type instanceof ListOf list && list.element() instanceof Struct struct) {
      Object[] elements = (Object[]) cell;
      Row[] rows = new Row[elements.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = row((Object[]) elements[i], struct.columns());
      }
      return rows;
    }
    return cell;
  }

  private static Object fromSpark(Row row, int column, CellType type) {
    if (type == Plain.TIMESTAMP) {
      return ChronoUnit.MICROS.between(Instant.EPOCH, SampleRows.instant(row, column));
    }
    if (!(type instanceof ListOf list)) {
      return row.get(column);
    }
    Object[] elements =
        row.get(column) instanceof Object[] made ? made : ((List<?>) row.getList(column)).toArray();
    if (!(list.element() instanceof Struct struct)) {
      return elements;
    }
    Object[] structs = new Object[elements.length];
    for (int i = 0; i < structs.length; i++) {
      structs[i] = cells((Row) elements[i], struct.columns());
    }
    return structs;
  }
}
