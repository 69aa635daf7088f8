package io.millrace.ingestion.layout;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.StorageUri.Scheme;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import java.util.EnumMap;
import java.util.Map;

/** Finds the store that serves an address. */
@FunctionalInterface
public interface Stores {

  /**
   * The store of an address' scheme.
   *
   * @throws io.millrace.dataset.DatasetException if no store serves it
   */
  ObjectStore of(StorageUri address);

  /** Opens one store a scheme, when it is first asked for; for one thread. */
  static Stores open() {
    return open(StorageSettings.NONE);
  }

  /** The same, with settings of the storage. */
  static Stores open(StorageSettings settings) {
    Map<Scheme, ObjectStore> opened = new EnumMap<>(Scheme.class);
    return address ->
        opened.computeIfAbsent(address.scheme(), scheme -> ObjectStores.of(address, settings));
  }
}
