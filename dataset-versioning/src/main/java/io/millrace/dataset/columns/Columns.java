package io.millrace.dataset.columns;

import io.millrace.dataset.columns.CellType.Plain;
import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.TableSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Columns in their order. */
public record Columns(List<Column> list) implements Serializable {
  private static final long serialVersionUID = 1L;

  public Columns {
    list = List.copyOf(list);
  }

  /** The columns of a table dataset. */
  public static Columns of(TableSchema schema) {
    return new Columns(
        schema.columns().stream()
            .map(column -> new Column(column.name(), plain(column.type())))
            .toList());
  }

  public int size() {
    return list.size();
  }

  /** These columns and one more. */
  public Columns with(Column column) {
    List<Column> more = new ArrayList<>(list);
    more.add(column);
    return new Columns(more);
  }

  private static Plain plain(ColumnType type) {
    return switch (type) {
      case STRING -> Plain.TEXT;
      case SHORT -> Plain.SHORT;
      case INT -> Plain.INT;
      case LONG -> Plain.LONG;
      case DOUBLE -> Plain.DOUBLE;
      case FLOAT -> Plain.FLOAT;
      case BYTE -> Plain.BYTE;
      case DATE -> Plain.DATE;
      case TIMESTAMP -> Plain.TIMESTAMP;
      case BOOLEAN -> Plain.BOOLEAN;
    };
  }
}
