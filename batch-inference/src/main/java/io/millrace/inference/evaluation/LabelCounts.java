package io.millrace.inference.evaluation;

/**
 * How often a label was rightly given, wrongly given and missed; every ratio is 0 where nothing can
 * be divided by.
 */
public record LabelCounts(long truePositives, long falsePositives, long falseNegatives) {

  /** Share of what was given this label that has it. */
  public double precision() {
    return ratio(truePositives, truePositives + falsePositives);
  }

  /** Share of what has this label that was given it. */
  public double recall() {
    return ratio(truePositives, truePositives + falseNegatives);
  }

  /** Harmonic mean of precision and recall. */
  public double f1() {
    return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
  }

  /** How many there were to find. */
  public long support() {
    return truePositives + falseNegatives;
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
