package io.millrace.dataset.table;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.ImportId;

/**
 * What a table dataset holds of one source, and how that source looked when it was read: as long as
 * it looks the same and is read the same way, there is nothing to import.
 *
 * @param source the address of a file, or what was read from a database; the {@code _source} of its
 *     rows
 * @param fingerprint how it looked: size, time of the last change and etag, or a digest of rows
 * @param reading how it was read: the settings that decide which values its bytes give
 * @param rows that the dataset has of it
 * @param rejected rows of it that were refused, or 1 for a file that was refused as a whole
 * @param importId the import that read it last
 */
public record TableSourceState(
    String source,
    String fingerprint,
    String reading,
    long rows,
    long rejected,
    ImportId importId) {
  public TableSourceState {
    requireNonNull(source, "source is null");
    requireNonNull(fingerprint, "fingerprint is null");
    requireNonNull(reading, "reading is null");
    requireNonNull(importId, "importId is null");
    checkArgument(rows >= 0, "Invalid rows of %s: %s (expected at least 0)", source, rows);
    checkArgument(
        rejected >= 0, "Invalid rejected of %s: %s (expected at least 0)", source, rejected);
  }
}
