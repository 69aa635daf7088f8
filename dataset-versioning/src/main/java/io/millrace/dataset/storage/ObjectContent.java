package io.millrace.dataset.storage;

import java.io.IOException;
import java.io.OutputStream;

/** What to write into an object; see {@link ObjectStore#write}. */
@FunctionalInterface
public interface ObjectContent {
  void writeTo(OutputStream out) throws IOException;
}
