package io.millrace.dataset.split;

import java.util.Random;

/** A random order, the same for the same numbers and random generator. */
final class Shuffle {
  private Shuffle() {}

  /** A shuffled copy, by Fisher and Yates. */
  static int[] of(int[] numbers, Random random) {
    int[] shuffled = numbers.clone();
    for (int i = shuffled.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = swapped;
    }
    return shuffled;
  }
}
