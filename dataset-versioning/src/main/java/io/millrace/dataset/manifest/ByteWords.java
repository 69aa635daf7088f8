package io.millrace.dataset.manifest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes eight at a time, the first one lowest. */
final class ByteWords {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;

  private ByteWords() {}

  static long at(byte[] bytes, int index) {
    return (long) LONGS.get(bytes, index);
  }

  /** A word of eight times the same byte. */
  static long of(char value) {
    return ONES * value;
  }

  /**
   * The high bit of each byte that equals the one that {@code eight} holds; bits above the lowest
   * one set may be wrong.
   *
   * @see <a href="https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord">Anderson, Bit
   *     Twiddling Hacks: determine if a word has a zero byte</a>
   */
  static long equalTo(long eight, long word) {
    long zeros = word ^ eight;
    return (zeros - ONES) & ~zeros & HIGH_BITS;
  }

  /**
   * The high bit of each byte below the one that {@code eight} holds, which is at most 128; bits
   * above the lowest one set may be wrong.
   */
  static long below(long eight, long word) {
    return (word - eight) & ~word & HIGH_BITS;
  }

  /** Which of the eight bytes the lowest bit set stands for. */
  static int first(long found) {
    return Long.numberOfTrailingZeros(found) >>> 3;
  }

  /** Keeps the first bytes of a word. */
  static long firstBytes(long word, int count) {
    return count >= Long.BYTES ? word : word & ((1L << (count << 3)) - 1);
  }
}
