package io.millrace.dataset.storage;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import java.time.Instant;

/** An object on storage: where it is, how large, and when it was last written. */
public record StoredObject(StorageUri uri, long sizeBytes, Instant modifiedAt) {
  public StoredObject {
    requireNonNull(uri, "uri is null");
    requireNonNull(modifiedAt, "modifiedAt is null");
  }
}
