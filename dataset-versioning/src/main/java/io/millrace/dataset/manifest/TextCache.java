package io.millrace.dataset.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Values made of texts that occur in line after line (labels, types, names of properties), found by
 * the text's bytes, so that neither the text nor the value is made again.
 *
 * <p>Of bounded size: a text takes the place of an older one. Several threads may use it: entries
 * never change, and a thread that does not see another's entry makes its own.
 */
final class TextCache<T> {
  private static final int SLOTS = 1 << 10;
  private static final int MOST_BYTES = 64;

  // The golden ratio's fraction: spreads neighbouring values over all bits.
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Function<String, T> maker;
  private final Entry<T>[] entries;

  /** A cache into which values are put only. */
  TextCache() {
    this(
        text -> {
          throw new IllegalStateException("Nothing makes a value of " + text);
        });
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
  TextCache(Function<String, T> maker) {
    this.maker = maker;
    this.entries = new Entry[SLOTS];
  }

  /** The value of the text whose UTF-8 form the bytes are; what the maker throws comes out. */
  T get(byte[] bytes, int from, int to) {
    T known = find(bytes, from, to);
    if (known != null) {
      return known;
    }
    T value = maker.apply(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    put(bytes, from, to, value);
    return value;
  }

  /** The value that was put for the same bytes; null where none was, or another took its place. */
  T find(byte[] bytes, int from, int to) {
    if (to - from > MOST_BYTES) {
      return null;
    }
    Entry<T> entry = entries[slot(bytes, from, to)];
    return entry != null && entry.text.length() == to - from && entry.text.isAt(bytes, from, to)
        ? entry.value
        : null;
  }

  /** Keeps a value for these bytes, if they are not too many to be likely to come again. */
  void put(byte[] bytes, int from, int to, T value) {
    if (to - from <= MOST_BYTES) {
      entries[slot(bytes, from, to)] =
          new Entry<>(new ByteText(Arrays.copyOfRange(bytes, from, to)), value);
    }
  }

  private static int slot(byte[] bytes, int from, int to) {
    int length = to - from;
    long hash = length;
    if (to - from >= Long.BYTES) {
      hash ^= ByteWords.at(bytes, from) * SPREAD;
      hash ^= Long.rotateLeft(ByteWords.at(bytes, to - Long.BYTES), 23) * SPREAD;
    } else {
      for (int i = from; i < to; i++) {
        hash = (hash ^ bytes[i]) * SPREAD;
      }
    }
    return (int) ((hash * SPREAD) >>> 54);
  }

  private static final class Entry<T> {
    private final ByteText text;
    private final T value;

    Entry(ByteText text, T value) {
      this.text = text;
      this.value = value;
    }
  }
}
