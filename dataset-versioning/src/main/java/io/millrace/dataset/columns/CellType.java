package io.millrace.dataset.columns;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/** What the cells of a column are; a cell may always be null, for no value. */
public sealed interface CellType extends Serializable {

  /** Cells without parts. */
  enum Plain implements CellType {
    /** A String. */
    TEXT,
    /** A Byte. */
    BYTE,
    /** A Short. */
    SHORT,
    /** An Integer. */
    INT,
    /** A Long. */
    LONG,
    /** A Float. */
    FLOAT,
    /** A Double. */
    DOUBLE,
    /** A Boolean. */
    BOOLEAN,
    /** An Integer, days since 1970. */
    DATE,
    /** A Long, microseconds since 1970 in UTC. */
    TIMESTAMP,
    /** A byte array. */
    BYTES
  }

  /** An array of Object, whose elements are cells. */
  record ListOf(CellType element) implements CellType {
    private static final long serialVersionUID = 1L;

    public ListOf {
      requireNonNull(element, "element is null");
    }
  }

  /** An array of Object, a cell a column. */
  record Struct(Columns columns) implements CellType {
    private static final long serialVersionUID = 1L;

    public Struct {
      requireNonNull(columns, "columns is null");
    }
  }
}
