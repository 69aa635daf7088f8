package io.millrace.training.gang;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.PendingObject;
import io.millrace.dataset.storage.StoredObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A place on an object store or another storage that is no directory of this machine. */
record StoreTarget(StorageUri location, ObjectStore store) implements MirrorTarget {
  private static final int BUFFER_BYTES = 1 << 16;

  @Override
  public void make() {
    // Its objects make it.
  }

  @Override
  public Map<String, Long> files() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<StoredObject> objects = store.list(location)) {
      objects.forEach(
          object -> {
            String name = location.relativize(object.uri());
            if (MirroredFiles.isMirrored(name)) {
              sizes.put(name, object.sizeBytes());
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return sizes;
  }

  @Override
  public boolean fetch(String name, Path copy) throws IOException {
    try (InputStream object = store.open(location.resolve(name))) {
      Files.copy(object, copy, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public boolean put(Path source, Fingerprint print, Change change, String name)
      throws IOException {
    try (InputStream file = Files.newInputStream(source)) {
      PendingObject pending = store.create(location.resolve(name));
      try {
        boolean whole = copy(file, pending, print.size());
        if (!whole || (change == Change.REPLACED && !Fingerprint.of(source).equals(print))) {
          pending.discard();
          return false;
        }
      } catch (IOException | RuntimeException | Error e) {
        try {
          pending.discard();
        } catch (IOException suppressed) {
          e.addSuppressed(suppressed);
        }
        throw e;
      }
      pending.close();
      return true;
    } catch (NoSuchFileException e) {
      if (Files.exists(source)) {
        throw e;
      }
      return false;
    }
  }

  /** Copies so many bytes; false if the file has fewer. */
  private static boolean copy(InputStream file, OutputStream object, long bytes)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = bytes;
    while (left > 0) {
      int count = file.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        return false;
      }
      object.write(buffer, 0, count);
      left -= count;
    }
    return true;
  }

  @Override
  public String toString() {
    return location.toString();
  }
}
