package io.millrace.inference.vision;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import io.millrace.inference.Answer.Classification;
import io.millrace.inference.Answer.LabelScore;
import io.millrace.inference.BadInputException;
import io.millrace.inference.FailureReason;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a classifier's numbers, one a label, become a ranking.
 *
 * @param topK labels an answer names, at least 1
 */
public record LabelRanking(Activation activation, int topK) {
  /** The guide's services answer with the best five. */
  public static final int DEFAULT_TOP_K = 5;

  /** What the numbers are, and so what is to be done with them. */
  public enum Activation {
    /** Logits: {@code exp(x_i) / sum of exp(x_j)} makes them probabilities. */
    SOFTMAX,
    /** Probabilities already. */
    NONE
  }

  public LabelRanking {
    requireNonNull(activation, "activation is null");
    checkArgument(topK >= 1, "Invalid output.top_k: %s (expected at least 1)", topK);
  }

  /**
   * Ranks the labels of one image.
   *
   * @param scores a number a label
   * @throws BadInputException if one of them is none
   */
  public Classification apply(FloatBuffer scores, List<Label> labels) throws BadInputException {
    double[] values =
        IntStream.range(0, labels.size())
            .mapToDouble(i -> scores.get(scores.position() + i))
            .toArray();
    if (!IntStream.range(0, values.length).allMatch(i -> Double.isFinite(values[i]))) {
      throw new BadInputException(
          FailureReason.MODEL_ERROR, "The model's scores for this image are not finite numbers.");
    }
    double[] ranked = activation == Activation.SOFTMAX ? softmax(values) : values;
    return new Classification(
        IntStream.range(0, labels.size())
            .mapToObj(i -> new LabelScore(labels.get(i), rounded(ranked[i])))
            .sorted(Comparator.comparingDouble(score -> -score.score()))
            .limit(topK)
            .toList());
  }

  /** Takes the largest away first, so that no exponential overflows. */
  static double[] softmax(double[] values) {
    double largest = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(0);
    double[] powers = new double[values.length];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      powers[i] = Math.exp(values[i] - largest);
      sum += powers[i];
    }
    for (int i = 0; i < values.length; i++) {
      powers[i] /= sum;
    }
    return powers;
  }

  private static double rounded(double score) {
    return DetectionSelection.shortest((float) score);
  }
}
