package io.millrace.dataset.table;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The bytes by which rows of a table are told apart: equal rows have equal bytes, others do not.
 */
public final class RowBytes {
  private static final ByteBuffer NONE = ByteBuffer.allocate(Integer.BYTES).putInt(-1);

  private RowBytes() {}

  /**
   * Of one row.
   *
   * @param values one a column, of the types that {@link ColumnType#value} returns; null for none
   */
  public static byte[] of(TableSchema schema, List<?> values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < schema.size(); i++) {
      Object value = values.get(i);
      if (value == null) {
        bytes.writeBytes(NONE.array());
        continue;
      }
      byte[] text = schema.columns().get(i).type().text(value).getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
      bytes.writeBytes(text);
    }
    return bytes.toByteArray();
  }
}
