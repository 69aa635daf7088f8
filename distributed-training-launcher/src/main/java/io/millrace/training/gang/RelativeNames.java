package io.millrace.training.gang;

import io.millrace.dataset.StorageUri;

/** Names of objects below a directory. */
final class RelativeNames {
  private RelativeNames() {}

  /**
   * The path of an object from a directory that lists it.
   *
   * @throws IllegalStateException if it does not lie below
   */
  static String of(StorageUri directory, StorageUri object) {
    String prefix = directory.path().endsWith("/") ? directory.path() : directory.path() + "/";
    if (!object.path().startsWith(prefix)) {
      throw new IllegalStateException(object + " does not lie below " + directory);
    }
    return object.path().substring(prefix.length());
  }
}
