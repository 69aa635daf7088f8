package io.millrace.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Counts the files of a code directory as they are found, wherever it lies, up to the first of
 * ModelArts' limits that they exceed: 1000 files, 5 GB, 32 levels. {@code .git} and {@code
 * __pycache__} do not belong to the code.
 */
public final class CodeCensus {
  private static final int MAX_FILES = 1000;
  private static final long MAX_BYTES = 5L << 30;
  private static final int MAX_DEPTH = 32;
  private static final Set<String> LEFT_OUT = Set.of(".git", "__pycache__");

  private final List<Path> files = new ArrayList<>();
  private long bytes;
  private String excess;

  /** Whether a directory, with all that lies below it, does not belong to the code. */
  static boolean isLeftOut(Path directory) {
    return LEFT_OUT.contains(directory.getFileName().toString());
  }

  /** Whether a file belongs to the code; {@code relative} is below the code directory. */
  public static boolean belongs(Path relative) {
    Path parent = relative.getParent();
    if (parent != null) {
      for (Path name : parent) {
        if (isLeftOut(name)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Notes a directory.
   *
   * @param relative below the code directory
   * @return whether it is worth looking further
   */
  boolean enter(Path relative) {
    if (relative.getNameCount() > MAX_DEPTH) {
      excess = "is more than " + MAX_DEPTH + " directories deep";
    }
    return excess == null;
  }

  /**
   * Notes a file that belongs to the code.
   *
   * @param relative below the code directory
   * @return whether it is worth looking further
   */
  public boolean add(Path relative, long sizeBytes) {
    Path parent = relative.getParent();
    if (parent != null) {
      enter(parent);
    }
    files.add(relative);
    bytes += sizeBytes;
    if (excess == null && files.size() > MAX_FILES) {
      excess = "holds more than " + MAX_FILES + " files";
    } else if (excess == null && bytes > MAX_BYTES) {
      excess = "holds more than 5 GB";
    }
    return excess == null;
  }

  /** The limit that is exceeded, as the predicate of a sentence without its end. */
  public Optional<String> excess() {
    return Optional.ofNullable(excess);
  }

  /** Of the files noted. */
  public List<Path> files() {
    return List.copyOf(files);
  }

  /** Of the files noted. */
  public long bytes() {
    return bytes;
  }
}
