package io.millrace.dataset.split;

import io.millrace.dataset.versioning.SplitParts;
import java.util.Arrays;

/** How many of some samples each part shall have, in fractions of samples. */
final class Wish {
  private final int[] weights;
  private final double totalWeight;

  private Wish(int[] weights) {
    this.weights = weights;
    this.totalWeight = Arrays.stream(weights).sum();
  }

  static Wish of(SplitParts parts) {
    return new Wish(parts.weights());
  }

  int parts() {
    return weights.length;
  }

  /** The exact share of a part. */
  double exact(long samples, int part) {
    return samples * (long) weights[part] / totalWeight;
  }

  /**
   * The wish for each part, nearest to the exact shares in the sum of squares, where each part has
   * at least the samples that it has already, and one. The sum is the number of samples; the
   * minimum of one falls where there are too few samples for it.
   *
   * @param samples those that the parts have already included
   * @param already how many each part has
   */
  double[] forEachPart(long samples, long[] already) {
    long missing = Arrays.stream(already).filter(count -> count == 0).count();
    int atLeast = Arrays.stream(already).sum() + missing <= samples ? 1 : 0;
    double[] wish = new double[parts()];
    boolean[] isBound = new boolean[parts()];
    double lambda = 0;
    boolean isChanged = true;
    while (isChanged) {
      isChanged = false;
      for (int part = 0; part < wish.length; part++) {
        double low = Math.max(atLeast, already[part]);
        if (!isBound[part]) {
          wish[part] = exact(samples, part) - lambda;
          if (wish[part] < low) {
            isBound[part] = true;
            isChanged = true;
          }
        }
        if (isBound[part]) {
          wish[part] = low;
        }
      }
      lambda = isChanged ? excess(samples, wish, isBound) : lambda;
    }
    return wish;
  }

  /** What each part that is not bound has to give up, so that the bound ones get theirs. */
  private double excess(long samples, double[] wish, boolean[] isBound) {
    double sum = 0;
    int free = 0;
    for (int part = 0; part < wish.length; part++) {
      sum += isBound[part] ? wish[part] : exact(samples, part);
      free += isBound[part] ? 0 : 1;
    }
    return free == 0 ? 0 : (sum - samples) / free;
  }
}
