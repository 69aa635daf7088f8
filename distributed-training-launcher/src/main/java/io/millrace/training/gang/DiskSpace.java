package io.millrace.training.gang;

import io.millrace.training.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The room on the disk of a directory. */
final class DiskSpace {
  private DiskSpace() {}

  /** Bytes that may be written there; the directory need not exist yet. */
  static long left(Path directory) throws IOException {
    return Files.getFileStore(nearestExisting(directory)).getUsableSpace();
  }

  /**
   * Makes sure of room before it is filled.
   *
   * @param what takes the room, as the subject of a sentence
   * @throws TrainingException if it is too little
   */
  static void require(Path directory, long bytes, String what) throws IOException {
    long left = left(directory);
    if (bytes > left) {
      throw new TrainingException(
          "Cannot copy %s to %s: it takes %d bytes, and %d are left. Make room or give another runs directory."
              .formatted(what, directory, bytes, left));
    }
  }

  static Path nearestExisting(Path path) {
    Path candidate = path.toAbsolutePath().normalize();
    while (!Files.exists(candidate) && candidate.getParent() != null) {
      candidate = candidate.getParent();
    }
    return candidate;
  }
}
