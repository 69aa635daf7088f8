package io.millrace.training;

import io.millrace.dataset.StorageUri;

/** How an input reaches a node. */
public enum InputDelivery {
  /** The script reads the location itself; of a dataset version, the directory of its manifest. */
  LINKED,
  /**
   * Its files are copied to the node before the processes start. Of a dataset version these are the
   * files of its samples and annotations too, and the node's manifest points to the copies.
   */
  DOWNLOADED;

  /** Unless somebody says otherwise: linked, or downloaded where a script cannot read by itself. */
  public static InputDelivery usual(StorageUri location) {
    return location.localPath().isPresent() ? LINKED : DOWNLOADED;
  }
}
