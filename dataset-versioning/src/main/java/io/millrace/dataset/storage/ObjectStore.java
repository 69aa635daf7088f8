package io.millrace.dataset.storage;

import io.millrace.dataset.StorageUri;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The few things Millrace asks of storage. Keep it small: what can be said with these operations is
 * no operation of its own.
 *
 * <p>Implementations are safe for use by several threads. Every failure is an {@link IOException}
 * whose message names the address; within a {@link Stream} it comes as an {@link
 * java.io.UncheckedIOException}. A store serves the addresses of its own schemes; one of another is
 * a {@link io.millrace.dataset.DatasetException}.
 */
public interface ObjectStore {

  /**
   * Opens an object for reading; the caller closes the stream.
   *
   * @throws java.io.FileNotFoundException if there is no such object
   */
  InputStream open(StorageUri object) throws IOException;

  /**
   * Begins to write an object, replacing one of the same address; parents are made. Readers see the
   * old object or, once the stream was closed, the whole new one. A stream that failed, that was
   * discarded or that nobody ever closed leaves the old object as it was.
   */
  PendingObject create(StorageUri object) throws IOException;

  /** Writes an object whole, or, where {@code content} fails, not at all. */
  default void write(StorageUri object, ObjectContent content) throws IOException {
    PendingObject pending = create(object);
    try {
      content.writeTo(pending);
    } catch (IOException | RuntimeException | Error e) {
      try {
        pending.discard();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    pending.close();
  }

  /** What is known of an object; empty if there is none, or if the address is a directory. */
  Optional<StoredObject> find(StorageUri object) throws IOException;

  /** Whether the address is a directory (of an object store: whether any object lies below it). */
  boolean isDirectory(StorageUri address) throws IOException;

  /**
   * All objects below a directory, in no particular order, listed while the stream is read; the
   * caller closes it. Symbolic links to files are followed, links to directories are not. Empty for
   * a directory that does not exist.
   */
  Stream<StoredObject> list(StorageUri directory) throws IOException;

  /**
   * The objects that lie directly in a directory, not those of directories below it; otherwise as
   * {@link #list}. Together with {@link #listDirectories}, directories can be listed side by side.
   */
  Stream<StoredObject> listFiles(StorageUri directory) throws IOException;

  /**
   * The directories directly below a directory, listed while the stream is read; the caller closes
   * it. Empty where there are none. Symbolic links are left out, so that going down ends where they
   * form a loop.
   */
  Stream<StorageUri> listDirectories(StorageUri directory) throws IOException;

  /** Removes an object, or a directory with all that lies below it; nothing if there is none. */
  void delete(StorageUri address) throws IOException;

  /**
   * Gives a directory another name. Atomic on file systems, not on object stores.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the target exists
   */
  void rename(StorageUri directory, StorageUri target) throws IOException;
}
