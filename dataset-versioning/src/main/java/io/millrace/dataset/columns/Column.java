package io.millrace.dataset.columns;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/** A name and what stands under it. */
public record Column(String name, CellType type) implements Serializable {
  private static final long serialVersionUID = 1L;

  public Column {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
  }
}
