package io.millrace.ingestion.table;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import java.io.Serializable;

/**
 * A file with rows, as storage describes it.
 *
 * @param uri in its canonical form; its text is the {@code _source} of the file's rows
 * @param fingerprint another text for another content: the etag where the storage gives one, else
 *     size and time of the last change
 */
public record TableFile(StorageUri uri, long sizeBytes, String fingerprint)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public TableFile {
    requireNonNull(uri, "uri is null");
    requireNonNull(fingerprint, "fingerprint is null");
  }

  public static TableFile of(StoredObject object) {
    String fingerprint =
        object
            .etag()
            .map(mark -> "etag " + mark)
            .orElseGet(
                () -> "size %s, modified %s".formatted(object.sizeBytes(), object.modifiedAt()));
    return new TableFile(object.uri().canonical(), object.sizeBytes(), fingerprint);
  }

  public String source() {
    return uri.value();
  }
}
