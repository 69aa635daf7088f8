package io.millrace.ingestion.copy;

import io.millrace.dataset.Digest;
import io.millrace.dataset.StorageUri;
import java.io.IOException;

/** Why a source could not be copied. */
final class CopyErrors {
  private CopyErrors() {}

  static IOException changedMeanwhile(StorageUri source, long told, long read) {
    return new IOException(
        "Cannot copy %s: it has %s bytes, not %s as when it was found. It was changed or cut off meanwhile; import it again."
            .formatted(source, read, told));
  }

  static IOException otherDigest(StorageUri source, Digest told, Digest read) {
    return new IOException(
        "Cannot copy %s: its SHA-256 is %s, not %s as its sample says. The file is not the one that was labelled."
            .formatted(source, read, told));
  }

  static IOException readsBackOtherwise(
      StorageUri source, StorageUri copy, SampleCopier.Content written, SampleCopier.Content read) {
    return new IOException(
        "Cannot copy %s: %s bytes were written to %s and %s bytes%s were read back. Check that storage, then import again."
            .formatted(
                source,
                written.sizeBytes(),
                copy,
                read.sizeBytes(),
                written.sizeBytes() == read.sizeBytes() ? " of other content" : ""));
  }
}
