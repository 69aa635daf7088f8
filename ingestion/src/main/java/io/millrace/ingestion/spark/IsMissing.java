package io.millrace.ingestion.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.ingestion.layout.Stores;
import java.io.IOException;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Row;

/**
 * Whether the source of a known sample, which the import did not find, is gone. Inline content has
 * no other place than the file that no longer holds it. A pre-signed address is never held to be
 * missing: it may only have expired.
 */
final class IsMissing implements FilterFunction<Row> {
  private static final long serialVersionUID = 1L;

  private final StorageSettings storage;
  private transient Stores stores;

  IsMissing(StorageSettings storage) {
    this.storage = storage;
  }

  /** The first cell is the id, the second the address. */
  @Override
  public boolean call(Row sample) throws IOException {
    StorageUri address = StorageUri.parse(sample.getString(1));
    if (address.isContent()) {
      return true;
    }
    if (address.scheme() == StorageUri.Scheme.HTTPS) {
      return false;
    }
    if (stores == null) {
      stores = Stores.open(storage);
    }
    return stores.of(address).find(address).isEmpty();
  }
}
