package io.millrace.dataset.columns;

import io.millrace.dataset.columns.CellType.ListOf;
import io.millrace.dataset.columns.CellType.Plain;
import io.millrace.dataset.columns.CellType.Struct;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** A Parquet file. Lists have the three levels that Parquet's standard asks for. */
final class ParquetFile implements ColumnFile {
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private final ParquetWriter<Object[]> writer;

  ParquetFile(OutputStream out, Columns columns) throws IOException {
    this.writer =
        new Builder(new Target(out), columns)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build();
  }

  @Override
  public void write(Object[] cells) throws IOException {
    writer.write(cells);
  }

  @Override
  public void finish() throws IOException {
    writer.close();
  }

  /** What is in memory goes with this object. */
  @Override
  public void abandon() {}

  static MessageType schema(Columns columns) {
    return new MessageType("millrace", columns.list().stream().map(ParquetFile::field).toList());
  }

  private static Type field(Column column) {
    return type(column.name(), column.type());
  }

  private static Type type(String name, CellType type) {
    if (type instanceof ListOf list) {
      return Types.optionalList().element(type(ELEMENT, list.element())).named(name);
    }
    if (type instanceof Struct struct) {
      return Types.optionalGroup()
          .addFields(struct.columns().list().stream().map(ParquetFile::field).toArray(Type[]::new))
          .named(name);
    }
    return switch ((Plain) type) {
      case TEXT -> plain(name, PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType());
      case BYTE -> plain(name, PrimitiveTypeName.INT32, LogicalTypeAnnotation.intType(8, true));
      case SHORT -> plain(name, PrimitiveTypeName.INT32, LogicalTypeAnnotation.intType(16, true));
      case INT -> plain(name, PrimitiveTypeName.INT32, null);
      case LONG -> plain(name, PrimitiveTypeName.INT64, null);
      case FLOAT -> plain(name, PrimitiveTypeName.FLOAT, null);
      case DOUBLE -> plain(name, PrimitiveTypeName.DOUBLE, null);
      case BOOLEAN -> plain(name, PrimitiveTypeName.BOOLEAN, null);
      case DATE -> plain(name, PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType());
      case TIMESTAMP ->
          plain(
              name,
              PrimitiveTypeName.INT64,
              LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS));
      case BYTES -> plain(name, PrimitiveTypeName.BINARY, null);
    };
  }

  private static Type plain(String name, PrimitiveTypeName type, LogicalTypeAnnotation logical) {
    return Types.primitive(type, Repetition.OPTIONAL).as(logical).named(name);
  }

  private static final class Builder extends ParquetWriter.Builder<Object[], Builder> {
    private final Columns columns;

    Builder(OutputFile file, Columns columns) {
      super(file);
      this.columns = columns;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected WriteSupport<Object[]> getWriteSupport(Configuration configuration) {
      return new Cells(columns);
    }
  }

  /** Hands cells over as Parquet's writer takes them: a null is what is never begun. */
  private static final class Cells extends WriteSupport<Object[]> {
    private final Columns columns;
    private RecordConsumer consumer;

    Cells(Columns columns) {
      this.columns = columns;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema(columns), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(Object[] cells) {
      consumer.startMessage();
      addFields(cells, columns);
      consumer.endMessage();
    }

    private void addFields(Object[] cells, Columns fields) {
      for (int i = 0; i < cells.length; i++) {
        Column column = fields.list().get(i);
        addField(column.name(), i, cells[i], column.type());
      }
    }

    private void addField(String name, int index, Object cell, CellType type) {
      if (cell != null) {
        consumer.startField(name, index);
        add(cell, type);
        consumer.endField(name, index);
      }
    }

    private void add(Object cell, CellType type) {
      if (type instanceof ListOf list) {
        addList((Object[]) cell, list.element());
      } else if (type instanceof Struct struct) {
        consumer.startGroup();
        addFields((Object[]) cell, struct.columns());
        consumer.endGroup();
      } else {
        addPlain(cell, (Plain) type);
      }
    }

    private void addList(Object[] elements, CellType type) {
      consumer.startGroup();
      if (elements.length > 0) {
        consumer.startField(LIST, 0);
        for (Object element : elements) {
          consumer.startGroup();
          addField(ELEMENT, 0, element, type);
          consumer.endGroup();
        }
        consumer.endField(LIST, 0);
      }
      consumer.endGroup();
    }

    private void addPlain(Object cell, Plain type) {
      switch (type) {
        case TEXT -> consumer.addBinary(Binary.fromString((String) cell));
        case BYTE, SHORT, INT, DATE -> consumer.addInteger(((Number) cell).intValue());
        case LONG, TIMESTAMP -> consumer.addLong((long) cell);
        case FLOAT -> consumer.addFloat((float) cell);
        case DOUBLE -> consumer.addDouble((double) cell);
        case BOOLEAN -> consumer.addBoolean((boolean) cell);
        case BYTES -> consumer.addBinary(Binary.fromConstantByteArray((byte[]) cell));
      }
    }
  }

  /** A stream as Parquet takes it; its end leaves the stream open. */
  private record Target(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new Position(out);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return new Position(out);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }

  private static final class Position extends PositionOutputStream {
    private final OutputStream out;
    private long position;

    Position(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      position++;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      out.write(source, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
