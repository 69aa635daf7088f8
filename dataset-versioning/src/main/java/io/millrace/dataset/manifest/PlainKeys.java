package io.millrace.dataset.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The known keys of one kind of object, told by their bytes. The key that came after another in the
 * line before is looked for first: writers keep to one order.
 *
 * <p>Several threads may use it: a guess that another thread changed is still only a guess.
 */
final class PlainKeys {
  /** The keys with their quotes, and once more with the colon after them. */
  private final Spelling[] plain;

  private final Spelling[] withColon;

  /** By key, and last for the start of an object: the key that followed. */
  private final int[] followers;

  PlainKeys(List<String> names) {
    plain = names.stream().map(name -> Spelling.of('"' + name + '"')).toArray(Spelling[]::new);
    withColon =
        names.stream().map(name -> Spelling.of('"' + name + "\":")).toArray(Spelling[]::new);
    followers = new int[plain.length + 1];
  }

  /** What comes before the first key of an object. */
  int start() {
    return plain.length;
  }

  /** The key that may well follow another one. */
  int guess(int before) {
    return followers[before];
  }

  boolean matchesWithColon(int key, byte[] bytes, int from, int to) {
    return withColon[key].matches(bytes, from, to);
  }

  /** The key that begins here, as its index among the names; -1 for one that is not known. */
  int find(int before, byte[] bytes, int from, int to) {
    for (int key = 0; key < plain.length; key++) {
      if (plain[key].matches(bytes, from, to)) {
        followers[before] = key;
        return key;
      }
    }
    return -1;
  }

  /** Bytes that a key takes, quotes included. */
  int length(int key) {
    return plain[key].text.length;
  }

  /** A short text that is compared eight bytes at a time. */
  private static final class Spelling {
    private final byte[] text;
    private final long head;
    private final long tail;

    private Spelling(byte[] text) {
      this.text = text;
      this.head = ByteWords.wordOf(text);
      this.tail = text.length < Long.BYTES ? head : ByteWords.at(text, text.length - Long.BYTES);
    }

    static Spelling of(String text) {
      return new Spelling(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean matches(byte[] bytes, int from, int to) {
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
          && (length <= 2 * Long.BYTES || ByteWords.matches(text, bytes, from));
    }
  }
}
