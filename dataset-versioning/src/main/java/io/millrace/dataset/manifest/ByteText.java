package io.millrace.dataset.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A known text as UTF-8 bytes, compared eight of them at a time. */
final class ByteText {
  private final byte[] text;

  /** The first eight bytes, with zeros behind a shorter text. */
  private final long head;

  /** The last eight bytes of a text that has more. */
  private final long tail;

  ByteText(byte[] text) {
    this.text = text;
    this.head = ByteWords.at(Arrays.copyOf(text, Math.max(text.length, Long.BYTES)), 0);
    this.tail = text.length > Long.BYTES ? ByteWords.at(text, text.length - Long.BYTES) : 0;
  }

  static ByteText of(String text) {
    return new ByteText(text.getBytes(StandardCharsets.UTF_8));
  }

  int length() {
    return text.length;
  }

  /** Whether the text stands at an index, and before another one. */
  boolean isAt(byte[] bytes, int from, int to) {
    int length = text.length;
    if (from + length > to) {
      return false;
    }
    if (from + Long.BYTES > bytes.length) {
      return Arrays.equals(text, 0, length, bytes, from, from + length);
    }
    long start = ByteWords.at(bytes, from);
    if (length <= Long.BYTES) {
      return ByteWords.firstBytes(start, length) == head;
    }
    return start == head
        && ByteWords.at(bytes, from + length - Long.BYTES) == tail
        && (length <= 2 * Long.BYTES || isMiddleAt(bytes, from));
  }

  private boolean isMiddleAt(byte[] bytes, int from) {
    for (int i = Long.BYTES; i < text.length - Long.BYTES; i += Long.BYTES) {
      if (ByteWords.at(text, i) != ByteWords.at(bytes, from + i)) {
        return false;
      }
    }
    return true;
  }
}
