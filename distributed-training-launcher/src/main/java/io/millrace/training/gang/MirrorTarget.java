package io.millrace.training.gang;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Where a mirror copies files to. Names are paths below it, separated by slashes. */
interface MirrorTarget {

  /** How files of a mirror change. */
  enum Change {
    /** As a whole: one that changes while it is copied is no copy of anything. */
    REPLACED,
    /** At their end alone, as logs do: what they held at some moment is a whole log. */
    APPENDED
  }

  /** A directory of this machine, or a place that the store serves. */
  static MirrorTarget of(StorageUri location, ObjectStore store) {
    return location
        .localPath()
        .<MirrorTarget>map(DirectoryTarget::new)
        .orElseGet(() -> new StoreTarget(location, store));
  }

  /** Makes the place, where places have to be made. */
  void make() throws IOException;

  /** The sizes of all files there, in bytes. */
  Map<String, Long> files() throws IOException;

  /** Copies a file from there; false if there is none of that name. */
  boolean fetch(String name, Path copy) throws IOException;

  /**
   * Takes a file over: readers see the one that was there before or the whole new one.
   *
   * @param print of the file when it was looked at
   * @return false if the file changed while it was copied, or has gone: then nothing was taken
   */
  boolean put(Path source, Fingerprint print, Change change, String name) throws IOException;

  /** The place, for people. */
  @Override
  String toString();
}
