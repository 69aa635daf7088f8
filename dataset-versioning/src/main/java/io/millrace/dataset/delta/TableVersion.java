package io.millrace.dataset.delta;

import io.delta.kernel.Snapshot;
import io.millrace.dataset.StorageUri;
import java.util.Optional;

/** The numbers that Delta gives to the states of a table, asked for without an engine. */
public final class TableVersion {
  private TableVersion() {}

  /** The latest; empty if there is no such table. */
  public static Optional<Long> latest(StorageUri table) {
    return KernelTable.at(table).snapshot().map(Snapshot::getVersion);
  }
}
