package io.millrace.dataset.versioning;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Whole numbers that come as near to a percentage of each group as their rounded sum allows. */
final class Apportionment {
  private Apportionment() {}

  /**
   * By largest remainders: each group gets its share rounded down, and the groups with the largest
   * rests one more, until the sum is the rounded share of all. A group of two or more gets at least
   * one, and leaves at least one; where this adds to the sum, the sum grows.
   *
   * @param sizes of the groups
   * @param percent 0 to 100
   * @return the share of each group, less than one away from the exact one, but for that minimum
   */
  static int[] of(int[] sizes, int percent) {
    long total = IntStream.of(sizes).asLongStream().sum();
    int[] shares = new int[sizes.length];
    long left = (total * percent + 50) / 100;
    for (int i = 0; i < sizes.length; i++) {
      shares[i] = (int) ((long) sizes[i] * percent / 100);
      left -= shares[i];
    }
    int[] byRest =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(Comparator.comparingLong(i -> -((long) sizes[i] * percent % 100)))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i = 0; i < left; i++) {
      shares[byRest[i]]++;
    }
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] >= 2) {
        shares[i] = Math.max(1, Math.min(sizes[i] - 1, shares[i]));
      }
    }
    return shares;
  }
}
