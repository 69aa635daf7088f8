package io.millrace.dataset.delta.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.stream.Stream;

/** Files and bytes, and when the youngest of the files was written. */
record StorageSize(long files, long bytes, Instant latest) {
  static final StorageSize NOTHING = new StorageSize(0, 0, Instant.MIN);

  static StorageSize of(StorageUri directory) {
    try (Stream<StoredObject> objects = ObjectStores.of(directory).list(directory)) {
      return objects.map(StorageSize::ofObject).reduce(NOTHING, StorageSize::plus);
    } catch (IOException e) {
      throw GarbageFiles.failed("read", directory, e);
    }
  }

  static StorageSize ofFile(StorageUri file) {
    try {
      return ObjectStores.of(file).find(file).map(StorageSize::ofObject).orElse(NOTHING);
    } catch (IOException e) {
      throw GarbageFiles.failed("read", file, e);
    }
  }

  private static StorageSize ofObject(StoredObject object) {
    return new StorageSize(1, object.sizeBytes(), object.modifiedAt());
  }

  StorageSize plus(StorageSize other) {
    return new StorageSize(
        files + other.files,
        bytes + other.bytes,
        latest.isAfter(other.latest) ? latest : other.latest);
  }
}
