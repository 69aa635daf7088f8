package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.DatasetException;
import java.math.BigDecimal;

/** How the labelled samples of a version are divided between training and evaluation. */
public sealed interface SplitPlan {

  /** Samples are not divided. */
  record NoSplit() implements SplitPlan {
    @Override
    public String toString() {
      return "none";
    }
  }

  /**
   * A stratified draw: each label is divided in the same ratio, as far as whole samples allow.
   *
   * @param trainPercent the part of TRAIN in percent, 0 to 99; the rest is EVAL
   * @param seed same samples, ratio and seed: same parts
   */
  record TrainEvalRatio(int trainPercent, long seed) implements SplitPlan {
    public TrainEvalRatio {
      checkArgument(
          trainPercent >= 0 && trainPercent <= 99,
          "Invalid train percentage of a split: %s (expected 0 to 99)",
          trainPercent);
    }

    @Override
    public String toString() {
      return "TRAIN %d %%, EVAL %d %%, seed %d".formatted(trainPercent, 100 - trainPercent, seed);
    }
  }

  SplitPlan NONE = new NoSplit();

  /**
   * The plan that ModelArts' {@code train_evaluate_sample_ratio} asks for.
   *
   * @param ratio the part of TRAIN, from 0.00 to 1.00 with at most two decimals; 1.00 is no split
   * @throws DatasetException if the text is no such number
   */
  static SplitPlan ofRatio(String ratio, long seed) {
    try {
      int percent = new BigDecimal(ratio.strip()).movePointRight(2).intValueExact();
      if (percent >= 0 && percent <= 100) {
        return percent == 100 ? NONE : new TrainEvalRatio(percent, seed);
      }
    } catch (NumberFormatException e) {
      throw invalidRatio(ratio, e);
    } catch (ArithmeticException e) {
      throw invalidRatio(ratio, e);
    }
    throw invalidRatio(ratio, null);
  }

  private static DatasetException invalidRatio(String ratio, RuntimeException cause) {
    return new DatasetException(
        "Invalid train_evaluate_sample_ratio: '%s' (expected 0.00 to 1.00 with at most two decimals)"
            .formatted(ratio),
        cause);
  }
}
