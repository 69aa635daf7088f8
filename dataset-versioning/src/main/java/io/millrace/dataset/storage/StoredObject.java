package io.millrace.dataset.storage;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import java.time.Instant;
import java.util.Optional;

/**
 * An object on storage: where it is, how large, and when it was last written.
 *
 * @param etag what the storage calls this very content, without quotes: a new upload gets another
 *     one. Object stores and web servers have it, file systems have none
 */
public record StoredObject(
    StorageUri uri, long sizeBytes, Instant modifiedAt, Optional<String> etag) {
  public StoredObject {
    requireNonNull(uri, "uri is null");
    requireNonNull(modifiedAt, "modifiedAt is null");
    requireNonNull(etag, "etag is null");
  }

  /** An object of a storage that has no etags. */
  public StoredObject(StorageUri uri, long sizeBytes, Instant modifiedAt) {
    this(uri, sizeBytes, modifiedAt, Optional.empty());
  }

  /** An etag as HTTP writes it, in quotes, without them; empty for none and for an empty one. */
  static Optional<String> etag(Optional<String> header) {
    return header
        .map(
            text ->
                text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                    ? text.substring(1, text.length() - 1)
                    : text)
        .filter(text -> !text.isBlank());
  }
}
