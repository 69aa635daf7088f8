package io.millrace.dataset.delta;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.util.List;

/**
 * Rows in memory in the form that Delta Kernel writes. A cell is a String, a Long (a timestamp in
 * microseconds since 1970 too), or null.
 */
record TableRows(StructType schema, List<Object[]> rows) implements ColumnarBatch {

  /**
   * A row that was read, in this form.
   *
   * @throws IllegalStateException for a column of another type
   */
  static Object[] cells(Row row, StructType schema) {
    Object[] cells = new Object[schema.length()];
    for (int i = 0; i < cells.length; i++) {
      DataType type = schema.at(i).getDataType();
      if (row.isNullAt(i)) {
        cells[i] = null;
      } else if (type.equals(StringType.STRING)) {
        cells[i] = row.getString(i);
      } else if (type.equals(LongType.LONG) || type.equals(TimestampType.TIMESTAMP)) {
        cells[i] = row.getLong(i);
      } else {
        throw new IllegalStateException("A cell of type " + type + " cannot be written");
      }
    }
    return cells;
  }

  @Override
  public StructType getSchema() {
    return schema;
  }

  @Override
  public ColumnVector getColumnVector(int ordinal) {
    return new Column(schema.at(ordinal).getDataType(), rows, ordinal);
  }

  @Override
  public int getSize() {
    return rows.size();
  }

  private record Column(DataType type, List<Object[]> rows, int ordinal) implements ColumnVector {
    @Override
    public DataType getDataType() {
      return type;
    }

    @Override
    public int getSize() {
      return rows.size();
    }

    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int row) {
      return rows.get(row)[ordinal] == null;
    }

    @Override
    public long getLong(int row) {
      return (Long) rows.get(row)[ordinal];
    }

    @Override
    public String getString(int row) {
      return (String) rows.get(row)[ordinal];
    }
  }
}
