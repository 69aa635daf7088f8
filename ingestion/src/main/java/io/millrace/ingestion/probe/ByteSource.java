package io.millrace.ingestion.probe;

import java.io.IOException;
import java.io.InputStream;

/** Something whose bytes can be read from the start, more than once. */
@FunctionalInterface
public interface ByteSource {
  /** A fresh stream of all bytes; the caller closes it. Skipping should be cheaper than reading. */
  InputStream open() throws IOException;
}
