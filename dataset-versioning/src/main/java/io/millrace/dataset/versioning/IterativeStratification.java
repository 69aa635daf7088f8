package io.millrace.dataset.versioning;

import io.millrace.dataset.versioning.SplitPlan.TrainEvalRatio;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Divides multi-label samples into two parts, label by label, the rarest first: its samples go
 * where the label is wanted most. A label that ends in one part only is brought into the other by
 * moving a sample that no other label needs where it is.
 *
 * @see <a href="https://doi.org/10.1007/978-3-642-23808-6_10">Sechidis et al. 2011, algorithm 1</a>
 */
final class IterativeStratification {
  private static final int TRAIN = 0;
  private static final int EVAL = 1;
  private static final int UNASSIGNED = -1;

  private final Strata strata;
  private final Random random;
  private final int[] part;

  /** How many samples each part still wants. */
  private final double[] wanted;

  /** How many samples of each label each part still wants. */
  private final double[][] wantedOfLabel;

  /** How many samples of each label belong to no part yet. */
  private final int[] left;

  /** How many samples of each label each part has. */
  private final int[][] got;

  private IterativeStratification(Strata strata, TrainEvalRatio ratio, Random random) {
    this.strata = strata;
    this.random = random;
    double train = ratio.trainPercent() / 100.0;
    int labels = strata.labels().size();
    part = new int[strata.samples()];
    Arrays.fill(part, UNASSIGNED);
    wanted = new double[] {strata.samples() * train, strata.samples() * (1 - train)};
    wantedOfLabel = new double[labels][];
    left = new int[labels];
    got = new int[labels][2];
    for (int label = 0; label < labels; label++) {
      int count = strata.members(label).length;
      double wantedForTrain = Math.max(1, Math.min(count - 1, count * train));
      wantedOfLabel[label] = new double[] {wantedForTrain, count - wantedForTrain};
      left[label] = count;
    }
  }

  /** Which samples belong to EVAL. */
  static boolean[] draw(Strata strata, TrainEvalRatio ratio, Random random) {
    IterativeStratification draw = new IterativeStratification(strata, ratio, random);
    draw.assignLabels();
    draw.assignUnlabelled();
    draw.bringLabelsIntoBothParts();
    boolean[] isEval = new boolean[strata.samples()];
    for (int sample = 0; sample < isEval.length; sample++) {
      isEval[sample] = draw.part[sample] == EVAL;
    }
    return isEval;
  }

  private void assignLabels() {
    for (int label = rarest(); label >= 0; label = rarest()) {
      for (int sample : Shuffle.of(strata.members(label), random)) {
        if (part[sample] == UNASSIGNED) {
          assign(sample, preferred(wantedOfLabel[label]));
        }
      }
    }
  }

  private void assignUnlabelled() {
    for (int sample : Shuffle.of(strata.unlabelled(), random)) {
      assign(sample, preferred(wanted));
    }
  }

  /** The label with the fewest samples left, the first of them; -1 if none has any. */
  private int rarest() {
    int rarest = -1;
    for (int label = 0; label < left.length; label++) {
      if (left[label] > 0 && (rarest < 0 || left[label] < left[rarest])) {
        rarest = label;
      }
    }
    return rarest;
  }

  private int preferred(double[] demand) {
    if (demand[TRAIN] != demand[EVAL]) {
      return demand[TRAIN] > demand[EVAL] ? TRAIN : EVAL;
    }
    if (wanted[TRAIN] != wanted[EVAL]) {
      return wanted[TRAIN] > wanted[EVAL] ? TRAIN : EVAL;
    }
    return random.nextBoolean() ? TRAIN : EVAL;
  }

  private void assign(int sample, int to) {
    part[sample] = to;
    wanted[to]--;
    for (int label : strata.labelsOf(sample)) {
      wantedOfLabel[label][to]--;
      left[label]--;
      got[label][to]++;
    }
  }

  private void bringLabelsIntoBothParts() {
    for (int label = 0; label < got.length; label++) {
      for (int to : new int[] {TRAIN, EVAL}) {
        if (got[label][to] == 0) {
          moveOne(label, to);
        }
      }
    }
  }

  /** Moves the sample with the fewest labels; none where every move would take a label away. */
  private void moveOne(int label, int to) {
    int from = 1 - to;
    IntStream.of(Shuffle.of(strata.members(label), random))
        .filter(sample -> IntStream.of(strata.labelsOf(sample)).allMatch(l -> got[l][from] > 1))
        .boxed()
        .min(Comparator.comparingInt(sample -> strata.labelsOf(sample).length))
        .ifPresent(
            sample -> {
              part[sample] = to;
              for (int moved : strata.labelsOf(sample)) {
                got[moved][from]--;
                got[moved][to]++;
              }
            });
  }
}
