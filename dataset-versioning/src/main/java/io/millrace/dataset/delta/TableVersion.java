package io.millrace.dataset.delta;

import io.delta.kernel.Snapshot;
import io.millrace.dataset.StorageUri;
import java.util.Optional;

/** What Delta's log says of a table, asked for without an engine. */
public final class TableVersion {
  private TableVersion() {}

  /** The number of its latest state; empty if there is no such table. */
  public static Optional<Long> latest(StorageUri table) {
    return KernelTable.at(table).snapshot().map(Snapshot::getVersion);
  }

  /** The size of its data files in bytes; 0 if there is no such table. */
  public static long bytes(StorageUri table) {
    return KernelTable.contents(table).bytes();
  }
}
