package io.millrace.dataset.delta.spark;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStores;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Finds and removes what a collection of garbage comes upon, with failures said to the user. */
final class GarbageFiles {
  private GarbageFiles() {}

  static List<StorageUri> directories(StorageUri parent) {
    try (Stream<StorageUri> directories = ObjectStores.of(parent).listDirectories(parent)) {
      return directories.toList();
    } catch (IOException e) {
      throw failed("read", parent, e);
    }
  }

  static void delete(StorageUri address) {
    try {
      ObjectStores.of(address).delete(address);
    } catch (IOException e) {
      throw failed("remove", address, e);
    }
  }

  static DatasetException failed(String verb, StorageUri address, IOException cause) {
    return new DatasetException(
        "Cannot %s %s: %s. Check the storage and run the command again."
            .formatted(verb, address, cause.getMessage()),
        cause);
  }
}
