package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A look at some files of a source: enough to recognise its format, and as much however large the
 * source is.
 *
 * @param source a directory or a file
 * @param files of a directory some, from all over it, without those that are hidden; of a file
 *     itself
 * @param isDirectory whether the source is a directory
 */
public record SourceGlance(
    StorageUri source, boolean isDirectory, List<StoredObject> files, Stores stores) {
  /** Enough of a file to tell what it is. */
  static final int HEAD_BYTES = 1 << 16;

  private static final int MOST_FILES = 5000;

  public SourceGlance {
    requireNonNull(source, "source is null");
    requireNonNull(stores, "stores is null");
    files = List.copyOf(files);
  }

  /**
   * Looks at a source.
   *
   * @return empty if there is nothing at the address
   */
  public static Optional<SourceGlance> of(StorageUri source, Stores stores) throws IOException {
    ObjectStore store = stores.of(source);
    if (store.isDirectory(source)) {
      SourceDirectory directory = new SourceDirectory(source);
      try (Stream<StoredObject> files = store.list(source)) {
        return Optional.of(
            new SourceGlance(
                source,
                true,
                files
                    .filter(file -> !SourceDirectory.isHidden(directory.relativePath(file.uri())))
                    .limit(MOST_FILES)
                    .toList(),
                stores));
      }
    }
    return store.find(source).map(file -> new SourceGlance(source, false, List.of(file), stores));
  }

  /** The files' paths relative to the source; of a source that is a file, its name. */
  public Stream<String> paths() {
    return files.stream().map(this::path);
  }

  /** A file's path relative to the source; of a source that is a file, its name. */
  public String path(StoredObject file) {
    return isDirectory ? new SourceDirectory(source).relativePath(file.uri()) : source.fileName();
  }

  /** How many of the files seen have a path that passes. */
  public long count(Predicate<String> path) {
    return paths().filter(path).count();
  }

  /** The first file seen whose path passes. */
  public Optional<StoredObject> first(Predicate<String> path) {
    return files.stream().filter(file -> path.test(path(file))).findFirst();
  }

  /** A file of the source, seen or not; empty if there is none of this path. */
  public Optional<StoredObject> find(String path) throws IOException {
    return isDirectory ? store().find(source.resolve(path)) : Optional.empty();
  }

  /** Whether the source holds a directory of this path, seen or not. */
  public boolean hasDirectory(String path) throws IOException {
    return isDirectory && store().isDirectory(source.resolve(path));
  }

  /** The first bytes of a file, at most {@value #HEAD_BYTES}. */
  public byte[] head(StoredObject file) throws IOException {
    try (InputStream bytes = stores.of(file.uri()).open(file.uri())) {
      return bytes.readNBytes(HEAD_BYTES);
    }
  }

  public ObjectStore store() {
    return stores.of(source);
  }
}
