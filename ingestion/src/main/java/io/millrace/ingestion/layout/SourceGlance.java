package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A look at some files of a source: enough to recognise its format, and as much however large the
 * source is.
 *
 * @param source a directory or a file
 * @param isDirectory whether the source is a directory
 * @param files of a directory some, from all over it, without those that are hidden; of a file
 *     itself
 * @param isWhole whether the source has no other files than those, the hidden ones aside
 */
public record SourceGlance(
    StorageUri source,
    boolean isDirectory,
    List<StoredObject> files,
    boolean isWhole,
    Stores stores) {
  /** Enough of a file to tell what it is. */
  static final int HEAD_BYTES = 1 << 16;

  private static final int MOST_FILES = 5000;
  private static final int MOST_FILES_AT_TOP = 1000;
  private static final int MOST_FILES_A_DIRECTORY = 200;
  private static final int MOST_DIRECTORIES_A_LEVEL = 20;
  private static final int MOST_LEVELS_BELOW_TOP = 4;

  public SourceGlance {
    requireNonNull(source, "source is null");
    requireNonNull(stores, "stores is null");
    files = List.copyOf(files);
  }

  /**
   * Looks at a source, level by level: up to 1000 files of the directory itself, then up to 200 of
   * each of up to 20 directories a level, 4 levels deep, 5000 in all. The directories of a level
   * are taken in equal shares from those above, so that no large one hides the others.
   *
   * @return empty if there is nothing at the address
   */
  public static Optional<SourceGlance> of(StorageUri source, Stores stores) throws IOException {
    ObjectStore store = stores.of(source);
    if (!store.isDirectory(source)) {
      return store
          .find(source)
          .map(file -> new SourceGlance(source, false, List.of(file), true, stores));
    }
    List<StoredObject> files = new ArrayList<>();
    List<StorageUri> level = List.of(source);
    boolean isWhole = true;
    for (int depth = 0; depth <= MOST_LEVELS_BELOW_TOP && !level.isEmpty(); depth++) {
      int mostFiles = depth == 0 ? MOST_FILES_AT_TOP : MOST_FILES_A_DIRECTORY;
      int share = Math.max(1, MOST_DIRECTORIES_A_LEVEL / level.size());
      List<StorageUri> below = new ArrayList<>();
      for (StorageUri directory : level) {
        int most = Math.min(mostFiles, MOST_FILES - files.size());
        try (Stream<StoredObject> listed = store.listFiles(directory)) {
          isWhole &= addVisible(listed, StoredObject::uri, most, files);
        }
        try (Stream<StorageUri> listed = store.listDirectories(directory)) {
          isWhole &= addVisible(listed, Function.identity(), share, below);
        }
      }
      isWhole &= depth < MOST_LEVELS_BELOW_TOP || below.isEmpty();
      level = below;
    }
    return Optional.of(new SourceGlance(source, true, files, isWhole, stores));
  }

  /** Adds some of what was listed; false if there is more. */
  private static <T> boolean addVisible(
      Stream<T> listed, Function<T, StorageUri> address, int most, List<T> seen) {
    List<T> visible =
        listed
            .filter(item -> !SourceDirectory.isHidden(address.apply(item).fileName()))
            .limit(most + 1L)
            .toList();
    seen.addAll(visible.subList(0, Math.min(most, visible.size())));
    return visible.size() <= most;
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

  /**
   * The first lines of a file of text, as far as its first bytes hold them whole; none of a file
   * that is no text.
   */
  List<String> firstLines(StoredObject file) throws IOException {
    byte[] head = head(file);
    int whole = head.length;
    while (head.length == HEAD_BYTES && whole > 0 && head[whole - 1] != '\n') {
      whole--;
    }
    return TextFile.of(file.uri(), Arrays.copyOf(head, whole)) instanceof TextFile.Read text
        ? text.lines()
        : List.of();
  }

  public ObjectStore store() {
    return stores.of(source);
  }
}
