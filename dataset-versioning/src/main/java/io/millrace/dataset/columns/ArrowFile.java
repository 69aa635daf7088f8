package io.millrace.dataset.columns;

import io.millrace.dataset.columns.CellType.ListOf;
import io.millrace.dataset.columns.CellType.Plain;
import io.millrace.dataset.columns.CellType.Struct;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** An Arrow file: record batches of a bounded size, each in memory once. */
final class ArrowFile implements ColumnFile {
  /** A batch ends with the row that makes it as large as one of these. */
  private static final int BATCH_ROWS = 4096;

  private static final long BATCH_BYTES = 16 << 20;

  private final Columns columns;
  private final BufferAllocator allocator = new RootAllocator();
  private final VectorSchemaRoot root;
  private final ArrowFileWriter writer;
  private int rows;
  private long bytes;

  ArrowFile(OutputStream out, Columns columns) throws IOException {
    this.columns = columns;
    this.root =
        VectorSchemaRoot.create(
            new Schema(columns.list().stream().map(ArrowFile::field).toList()), allocator);
    this.writer = new ArrowFileWriter(root, null, Channels.newChannel(new Unclosed(out)));
    writer.start();
  }

  @Override
  public void write(Object[] cells) throws IOException {
    for (int i = 0; i < cells.length; i++) {
      set(root.getVector(i), rows, cells[i], columns.list().get(i).type());
    }
    rows++;
    if (rows >= BATCH_ROWS || bytes >= BATCH_BYTES) {
      writeBatch();
    }
  }

  @Override
  public void finish() throws IOException {
    if (rows > 0) {
      writeBatch();
    }
    writer.end();
    writer.close();
    abandon();
  }

  @Override
  public void abandon() {
    root.close();
    allocator.close();
  }

  private void writeBatch() throws IOException {
    root.setRowCount(rows);
    writer.writeBatch();
    root.clear();
    rows = 0;
    bytes = 0;
  }

  private static Field field(Column column) {
    return field(column.name(), column.type());
  }

  private static Field field(String name, CellType type) {
    if (type instanceof ListOf list) {
      return new Field(
          name,
          FieldType.nullable(ArrowType.List.INSTANCE),
          List.of(field(ListVector.DATA_VECTOR_NAME, list.element())));
    }
    if (type instanceof Struct struct) {
      return new Field(
          name,
          FieldType.nullable(ArrowType.Struct.INSTANCE),
          struct.columns().list().stream().map(ArrowFile::field).toList());
    }
    return new Field(name, FieldType.nullable(plain((Plain) type)), List.of());
  }

  private static ArrowType plain(Plain type) {
    return switch (type) {
      case TEXT -> ArrowType.Utf8.INSTANCE;
      case BYTE -> new ArrowType.Int(8, true);
      case SHORT -> new ArrowType.Int(16, true);
      case INT -> new ArrowType.Int(32, true);
      case LONG -> new ArrowType.Int(64, true);
      case FLOAT -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case BOOLEAN -> ArrowType.Bool.INSTANCE;
      case DATE -> new ArrowType.Date(DateUnit.DAY);
      case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
      case BYTES -> ArrowType.Binary.INSTANCE;
    };
  }

  private void set(FieldVector vector, int row, Object cell, CellType type) {
    if (cell == null) {
      vector.setNull(row);
    } else if (type instanceof ListOf list) {
      Object[] elements = (Object[]) cell;
      ListVector vectors = (ListVector) vector;
      int start = vectors.startNewValue(row);
      for (int i = 0; i < elements.length; i++) {
        set(vectors.getDataVector(), start + i, elements[i], list.element());
      }
      vectors.endValue(row, elements.length);
    } else if (type instanceof Struct struct) {
      Object[] cells = (Object[]) cell;
      StructVector vectors = (StructVector) vector;
      vectors.setIndexDefined(row);
      for (int i = 0; i < cells.length; i++) {
        set(
            (FieldVector) vectors.getChildByOrdinal(i),
            row,
            cells[i],
            struct.columns().list().get(i).type());
      }
    } else {
      setPlain(vector, row, cell, (Plain) type);
    }
  }

  private void setPlain(FieldVector vector, int row, Object cell, Plain type) {
    bytes += Long.BYTES;
    switch (type) {
      case TEXT -> {
        byte[] text = ((String) cell).getBytes(StandardCharsets.UTF_8);
        ((VarCharVector) vector).setSafe(row, text);
        bytes += text.length;
      }
      case BYTE -> ((TinyIntVector) vector).setSafe(row, (byte) cell);
      case SHORT -> ((SmallIntVector) vector).setSafe(row, (short) cell);
      case INT -> ((IntVector) vector).setSafe(row, (int) cell);
      case LONG -> ((BigIntVector) vector).setSafe(row, (long) cell);
      case FLOAT -> ((Float4Vector) vector).setSafe(row, (float) cell);
      case DOUBLE -> ((Float8Vector) vector).setSafe(row, (double) cell);
      case BOOLEAN -> ((BitVector) vector).setSafe(row, (boolean) cell ? 1 : 0);
      case DATE -> ((DateDayVector) vector).setSafe(row, (int) cell);
      case TIMESTAMP -> ((TimeStampMicroTZVector) vector).setSafe(row, (long) cell);
      case BYTES -> {
        ((VarBinaryVector) vector).setSafe(row, (byte[]) cell);
        bytes += ((byte[]) cell).length;
      }
    }
  }

  /** Arrow closes its channel; the stream is the caller's. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      out.write(source, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
