package io.millrace.dataset.delta;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import java.util.List;

/**
 * Rows in memory in the form that Delta Kernel writes. A cell is a String, a Long (a timestamp in
 * microseconds since 1970 too), or null.
 */
record TableRows(StructType schema, List<Object[]> rows) implements ColumnarBatch {

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
