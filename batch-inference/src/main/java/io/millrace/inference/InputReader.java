package io.millrace.inference;

import io.millrace.dataset.StorageUri;

/** Fetches the content of inputs. Safe for use by several threads. */
public interface InputReader {
  /** No image is larger; a larger object would not fit into an executor beside its pixels. */
  long MAX_BYTES = 512L * 1024 * 1024;

  /**
   * The whole content of an input, never empty.
   *
   * @throws BadInputException if it cannot be had, saying why
   */
  byte[] read(StorageUri source) throws BadInputException;
}
