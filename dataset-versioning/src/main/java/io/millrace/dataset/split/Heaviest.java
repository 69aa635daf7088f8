package io.millrace.dataset.split;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** An order by weight that leaves units of the same weight in the order that they had. */
final class Heaviest {
  private Heaviest() {}

  /**
   * The units, those of the largest weight first.
   *
   * @param weight at least 0
   */
  static int[] first(int[] units, IntUnaryOperator weight) {
    long[] keys = new long[units.length];
    for (int i = 0; i < units.length; i++) {
      keys[i] = (long) (Integer.MAX_VALUE - weight.applyAsInt(units[i])) << 32 | i;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> units[(int) key]).toArray();
  }
}
