package io.millrace.dataset.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.columns.CellType.ListOf;
import io.millrace.dataset.columns.CellType.Plain;
import io.millrace.dataset.columns.CellType.Struct;

/**
 * Cells as a JSON object; those without a value are left out. Dates are days and times microseconds
 * since 1970; bytes are Base64; NaN and the infinities, which JSON has no numbers for, are texts.
 */
public final class CellsJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private CellsJson() {}

  public static ObjectNode toNode(Object[] cells, Columns columns) {
    ObjectNode object = NODES.objectNode();
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] != null) {
        Column column = columns.list().get(i);
        object.set(column.name(), node(cells[i], column.type()));
      }
    }
    return object;
  }

  private static JsonNode node(Object cell, CellType type) {
    if (type instanceof ListOf list) {
      ArrayNode array = NODES.arrayNode();
      for (Object element : (Object[]) cell) {
        array.add(element == null ? NODES.nullNode() : node(element, list.element()));
      }
      return array;
    }
    if (type instanceof Struct struct) {
      return toNode((Object[]) cell, struct.columns());
    }
    return switch ((Plain) type) {
      case TEXT -> NODES.textNode((String) cell);
      case BYTE, SHORT, INT, LONG, DATE, TIMESTAMP -> NODES.numberNode(((Number) cell).longValue());
      case FLOAT, DOUBLE -> number(((Number) cell).doubleValue());
      case BOOLEAN -> NODES.booleanNode((boolean) cell);
      case BYTES -> NODES.binaryNode((byte[]) cell);
    };
  }

  private static JsonNode number(double value) {
    return Double.isFinite(value)
        ? NODES.numberNode(value)
        : NODES.textNode(Double.toString(value));
  }
}
