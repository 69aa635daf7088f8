package io.millrace.dataset;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What storage said of a sample's source when it was last looked at.
 *
 * @param modifiedAt when the source object was last written, where the storage says so
 * @param etag the storage's own mark of the content, where it gives one: equal marks are equal
 *     bytes
 * @param copiedFrom where the bytes came from, of a sample whose source is a copy in the dataset
 * @param missingSince when an import first found that the source was gone
 */
public record SourceState(
    Optional<Instant> modifiedAt,
    Optional<String> etag,
    Optional<StorageUri> copiedFrom,
    Optional<Instant> missingSince) {
  /** Nothing is known. */
  public static final SourceState UNKNOWN =
      new SourceState(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public SourceState {
    requireNonNull(modifiedAt, "modifiedAt is null");
    requireNonNull(etag, "etag is null");
    requireNonNull(copiedFrom, "copiedFrom is null");
    requireNonNull(missingSince, "missingSince is null");
  }

  public SourceState withModifiedAt(Optional<Instant> modifiedAt) {
    return new SourceState(modifiedAt, etag, copiedFrom, missingSince);
  }

  public SourceState withEtag(Optional<String> etag) {
    return new SourceState(modifiedAt, etag, copiedFrom, missingSince);
  }

  public SourceState withCopiedFrom(Optional<StorageUri> copiedFrom) {
    return new SourceState(modifiedAt, etag, copiedFrom, missingSince);
  }

  public SourceState withMissingSince(Optional<Instant> missingSince) {
    return new SourceState(modifiedAt, etag, copiedFrom, missingSince);
  }
}
