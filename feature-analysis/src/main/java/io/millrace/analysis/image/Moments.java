package io.millrace.analysis.image;

/** Moments of whole numbers from their exact sums. */
final class Moments {
  private Moments() {}

  /**
   * The population variance. The sums are moved near zero in exact arithmetic before anything is
   * rounded, so that no digits cancel.
   *
   * @param sum of the values
   * @param squares sum of the squared values
   * @param count of the values, at least 1
   */
  static double variance(long sum, long squares, long count) {
    long shift = Math.round((double) sum / count);
    long shiftedSum = sum - count * shift;
    long shiftedSquares = squares - 2 * shift * sum + count * shift * shift;
    double mean = (double) shiftedSum / count;
    return Math.max(0, (double) shiftedSquares / count - mean * mean);
  }
}
