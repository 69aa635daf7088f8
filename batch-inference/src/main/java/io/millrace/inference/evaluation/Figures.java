package io.millrace.inference.evaluation;

/** How figures are written: four decimals are more than any of these sets can tell apart. */
final class Figures {
  private Figures() {}

  static double rounded(double figure) {
    return Math.round(figure * 10_000) / 10_000.0;
  }
}
