package io.millrace.dataset.versioning;

import static io.millrace.dataset.versioning.SplitErrors.MIN_MULTI_LABEL_SAMPLES;
import static io.millrace.dataset.versioning.SplitErrors.MIN_SAMPLES_PER_LABEL;

import io.millrace.dataset.Label;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.versioning.SplitPlan.TrainEvalRatio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Divides labelled samples into TRAIN and EVAL so that each label is divided in the wanted ratio.
 *
 * <p>Samples are ordered by id before anything is drawn, so that neither the order of rows nor the
 * number of partitions matters. Where each sample has at most one label, each label's share is
 * within one sample of the exact one, or has the one sample that each part must have. Where samples
 * have several, the parts are found by iterative stratification, label by label, the rarest first.
 *
 * @see <a href="https://doi.org/10.1007/978-3-642-23808-6_10">Sechidis, Tsoumakas, Vlahavas: On the
 *     Stratification of Multi-Label Data, ECML PKDD 2011</a>
 */
public final class StratifiedSplit {
  private StratifiedSplit() {}

  /**
   * The samples of the EVAL part; all others belong to TRAIN.
   *
   * <p>A ratio of 0.00 puts all samples there, and asks nothing of the labels.
   *
   * @throws io.millrace.dataset.DatasetException naming the offenders, if there is no sample, if a
   *     label has too few samples ({@value SplitErrors#MIN_SAMPLES_PER_LABEL}), if there are too
   *     few multi-label samples, or if no draw leaves a label in both parts
   */
  public static Set<SampleId> evalPart(Collection<LabelledSample> samples, TrainEvalRatio ratio) {
    if (samples.isEmpty()) {
      throw SplitErrors.noLabelledSample();
    }
    List<LabelledSample> ordered = new ArrayList<>(samples);
    ordered.sort(Comparator.comparing(LabelledSample::id));
    boolean[] isEval;
    if (ratio.trainPercent() == 0) {
      isEval = new boolean[ordered.size()];
      Arrays.fill(isEval, true);
    } else {
      Strata strata = Strata.of(ordered);
      checkPreconditions(ordered, strata);
      Random random = new Random(ratio.seed());
      isEval =
          strata.isMultiLabel()
              ? IterativeStratification.draw(strata, ratio, random)
              : drawEachLabel(strata, ratio, random);
      checkPartsHaveAllLabels(strata, isEval);
    }
    Set<SampleId> eval = new HashSet<>();
    for (int i = 0; i < isEval.length; i++) {
      if (isEval[i]) {
        eval.add(ordered.get(i).id());
      }
    }
    return eval;
  }

  private static void checkPreconditions(List<LabelledSample> samples, Strata strata) {
    Map<Label, Integer> rare = new TreeMap<>();
    for (int label = 0; label < strata.labels().size(); label++) {
      int count = strata.members(label).length;
      if (count < MIN_SAMPLES_PER_LABEL) {
        rare.put(strata.labels().get(label), count);
      }
    }
    if (!rare.isEmpty()) {
      throw SplitErrors.tooFewSamples(rare);
    }
    List<SampleId> multiLabel =
        samples.stream()
            .filter(sample -> sample.labels().size() > 1)
            .map(LabelledSample::id)
            .limit(MIN_MULTI_LABEL_SAMPLES)
            .toList();
    if (!multiLabel.isEmpty() && multiLabel.size() < MIN_MULTI_LABEL_SAMPLES) {
      throw SplitErrors.tooFewMultiLabelSamples(multiLabel);
    }
  }

  private static void checkPartsHaveAllLabels(Strata strata, boolean[] isEval) {
    List<Label> missing = new ArrayList<>();
    for (int label = 0; label < strata.labels().size(); label++) {
      int eval = 0;
      for (int sample : strata.members(label)) {
        eval += isEval[sample] ? 1 : 0;
      }
      if (eval == 0 || eval == strata.members(label).length) {
        missing.add(strata.labels().get(label));
      }
    }
    if (!missing.isEmpty()) {
      throw SplitErrors.labelInOnePartOnly(missing);
    }
  }

  private static boolean[] drawEachLabel(Strata strata, TrainEvalRatio ratio, Random random) {
    List<int[]> groups = new ArrayList<>(strata.members());
    if (strata.unlabelled().length > 0) {
      groups.add(strata.unlabelled());
    }
    int[] evalCounts =
        Apportionment.of(
            groups.stream().mapToInt(group -> group.length).toArray(), 100 - ratio.trainPercent());
    boolean[] isEval = new boolean[strata.samples()];
    for (int g = 0; g < evalCounts.length; g++) {
      int[] shuffled = Shuffle.of(groups.get(g), random);
      for (int i = 0; i < evalCounts[g]; i++) {
        isEval[shuffled[i]] = true;
      }
    }
    return isEval;
  }
}
