package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A part of a source that one task lists. The parts of a source hold each of its objects once, and
 * there are some hundreds of them at most, however large the source is.
 */
public record SourcePart(StorageUri address, Extent extent) implements Serializable {
  /** More directories than that in one directory are not taken apart. */
  private static final int MOST_PARTS = 1000;

  /** What of an address belongs to a part. */
  public enum Extent {
    /** The one file that the address names. */
    FILE,
    /** The files directly in the directory. */
    FILES_OF_DIRECTORY,
    /** All that lies below the directory. */
    WHOLE_DIRECTORY
  }

  public SourcePart {
    requireNonNull(address, "address is null");
    requireNonNull(extent, "extent is null");
  }

  /**
   * Takes a source apart at its directories.
   *
   * @param wanted how many parts keep every task busy; there are fewer where the source has fewer
   *     directories
   */
  public static List<SourcePart> of(SourceGlance glance, int wanted) throws IOException {
    if (!glance.isDirectory()) {
      return List.of(new SourcePart(glance.source(), Extent.FILE));
    }
    List<SourcePart> done = new ArrayList<>();
    List<StorageUri> level = List.of(glance.source());
    while (!level.isEmpty() && done.size() + level.size() < wanted) {
      List<StorageUri> below = new ArrayList<>();
      for (StorageUri directory : level) {
        List<StorageUri> children = directories(directory, glance.store());
        boolean isTaken = done.size() + below.size() + children.size() <= MOST_PARTS;
        done.add(
            new SourcePart(
                directory, isTaken ? Extent.FILES_OF_DIRECTORY : Extent.WHOLE_DIRECTORY));
        if (isTaken) {
          below.addAll(children);
        }
      }
      level = below;
    }
    level.forEach(directory -> done.add(new SourcePart(directory, Extent.WHOLE_DIRECTORY)));
    return done;
  }

  /** The part's objects, listed while the stream is read; the caller closes it. */
  public Stream<StoredObject> objects(Stores stores) throws IOException {
    ObjectStore store = stores.of(address);
    return switch (extent) {
      case FILE -> store.find(address).stream();
      case FILES_OF_DIRECTORY -> store.listFiles(address);
      case WHOLE_DIRECTORY -> store.list(address);
    };
  }

  private static List<StorageUri> directories(StorageUri directory, ObjectStore store)
      throws IOException {
    try (Stream<StorageUri> directories = store.listDirectories(directory)) {
      return directories.limit(MOST_PARTS + 1L).toList();
    }
  }
}
