package io.millrace.dataset.versioning;

import io.millrace.dataset.DatasetException;
import java.util.Locale;

/**
 * What a version will take on disk, estimated generously. Media are not copied, so their bytes do
 * not count.
 *
 * @param samples rows and manifest lines
 * @param objectFiles Pascal VOC files
 * @param objects in these files, together
 * @param tableBytes of the samples' table, whose rows are copied
 */
public record PublishCost(long samples, long objectFiles, long objects, long tableBytes) {
  private static final long LINE_BYTES = 1024;
  private static final long BLOCK_BYTES = 4096;
  private static final long OBJECT_BYTES = 512;
  private static final long FIXED_BYTES = 1 << 20;

  /** The manifest counts twice: its pieces are put together. */
  public long bytes() {
    return FIXED_BYTES
        + tableBytes
        + 2 * LINE_BYTES * samples
        + BLOCK_BYTES * objectFiles
        + OBJECT_BYTES * objects;
  }

  /**
   * Fails unless there is room.
   *
   * @param usableBytes on the disk that holds the dataset
   * @throws DatasetException naming what is needed and what there is
   */
  public void checkFits(long usableBytes, String place) {
    if (bytes() > usableBytes) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "Cannot publish to %s: the version needs about %.1f MB of disk and %.1f MB are free. Free some space, or move the dataset to a larger disk.",
              place,
              bytes() / 1e6,
              usableBytes / 1e6));
    }
  }
}
