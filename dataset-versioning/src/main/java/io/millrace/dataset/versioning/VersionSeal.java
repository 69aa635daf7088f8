package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Digest;

/**
 * What a version was when it was published, to be compared with what it is now.
 *
 * @param rows of all its rows, whatever their order; see {@link MultisetDigest}
 * @param files of all files below its directory, by path and content, whatever their order
 * @param sizeBytes what the version takes on storage: its files and its rows; media are not copied
 */
public record VersionSeal(Digest rows, Digest files, long sizeBytes) {
  public VersionSeal {
    requireNonNull(rows, "rows is null");
    requireNonNull(files, "files is null");
    checkArgument(sizeBytes >= 0, "Invalid size of a version: %s bytes", sizeBytes);
  }
}
