package io.millrace.ingestion.probe;

import java.io.IOException;

/** How files of one image type are read, from their first byte on. */
interface ImageFile {

  /** How much of a file's end is searched for the end of the image. */
  int TAIL_BYTES = 64 * 1024;

  /**
   * Reads size and channels.
   *
   * @throws java.io.EOFException if the file ends within the header
   */
  Probed.Image header(HeaderInput in) throws IOException, BrokenHeaderException;

  /**
   * Whether the image's end is in the file; called once, after {@link #header}.
   *
   * @param in where reading the header left it
   * @param file to read it once more, where the last bytes do not tell
   * @throws java.io.EOFException if the file is shorter than the storage says
   */
  boolean hasEnd(HeaderInput in, ByteSource file, long sizeBytes) throws IOException;

  /** Reads the last bytes, from the current position on at the earliest. */
  static byte[] tail(HeaderInput in, long sizeBytes) throws IOException {
    in.skip(Math.max(0, sizeBytes - TAIL_BYTES - in.position()));
    return in.readAtMost(TAIL_BYTES);
  }

  /** Whether these bytes, each given as a character of code 0 to 255, occur in the others. */
  static boolean contains(byte[] bytes, String wanted) {
    for (int start = 0; start + wanted.length() <= bytes.length; start++) {
      int i = 0;
      while (i < wanted.length() && (bytes[start + i] & 0xff) == wanted.charAt(i)) {
        i++;
      }
      if (i == wanted.length()) {
        return true;
      }
    }
    return false;
  }
}
