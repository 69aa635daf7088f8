package io.millrace.dataset.split;

import static io.millrace.dataset.split.SplitErrors.MIN_MULTI_LABEL_SAMPLES;
import static io.millrace.dataset.split.SplitErrors.MIN_SAMPLES_PER_LABEL;

import io.millrace.dataset.Label;
import io.millrace.dataset.versioning.SplitParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Draws the parts of samples so that each label is divided in the wanted shares.
 *
 * <p>Where each sample has at most one label and is a unit of its own, each part has the exact
 * share of each label rounded down or up, and of all samples together likewise. Where a share is
 * less than one sample, the part has one, and the others give up as much, each as little as can be.
 * Units that have a part already count in the shares: each part comes as near to its exact share as
 * they allow, in the sum of squares.
 *
 * <p>Otherwise the parts are found by {@linkplain IterativeStratification iterative
 * stratification}: each label is in each part, and no unit alone could move to another part and
 * bring the shares nearer to the wish.
 */
public final class StratifiedSplit {
  /** The order of draws is random, so that another may succeed where one failed. */
  private static final int MOST_ATTEMPTS = 10;

  private StratifiedSplit() {}

  /**
   * The part of each unit, a number from 0 in the order of the parts.
   *
   * <p>A single part takes all, and asks nothing of the labels.
   *
   * @param seed same units in the same order, parts and seed: same draw
   * @throws io.millrace.dataset.DatasetException naming the offenders, if a label has too few
   *     samples (as many as there are parts, at least {@value SplitErrors#MIN_SAMPLES_PER_LABEL})
   *     or groups, if there are too few multi-label samples, or if no draw leaves a label in each
   *     part
   */
  public static byte[] draw(Strata strata, SplitParts parts, long seed) {
    if (parts.weights().length == 1) {
      return new byte[strata.units()];
    }
    checkPreconditions(strata, parts);
    Wish wish = Wish.of(parts);
    Random random = new Random(seed);
    byte[] partOf;
    Map<Label, List<String>> missing;
    int attempt = 0;
    do {
      partOf =
          strata.isMultiLabel() || strata.isGrouped()
              ? IterativeStratification.draw(strata, wish, random)
              : drawEachLabel(strata, wish, random);
      missing = missing(strata, parts, partOf);
    } while (!missing.isEmpty() && ++attempt < MOST_ATTEMPTS);
    if (!missing.isEmpty()) {
      throw SplitErrors.labelMissing(missing);
    }
    return partOf;
  }

  private static void checkPreconditions(Strata strata, SplitParts parts) {
    Map<Label, Integer> tooFewSamples = new TreeMap<>();
    Map<Label, Integer> tooFewGroups = new TreeMap<>();
    int leastSamples = Math.max(MIN_SAMPLES_PER_LABEL, parts.weights().length);
    for (int label = 0; label < strata.labels().size(); label++) {
      if (strata.samplesOf(label) < leastSamples) {
        tooFewSamples.put(strata.labels().get(label), strata.samplesOf(label));
      } else if (strata.unitsOf(label) < parts.weights().length) {
        tooFewGroups.put(strata.labels().get(label), strata.unitsOf(label));
      }
    }
    if (!tooFewSamples.isEmpty()) {
      throw SplitErrors.tooFewSamples(leastSamples, tooFewSamples);
    }
    if (!tooFewGroups.isEmpty()) {
      throw SplitErrors.tooFewGroups(parts, tooFewGroups);
    }
    if (strata.isMultiLabel() && strata.multiLabelSamples().size() < MIN_MULTI_LABEL_SAMPLES) {
      throw SplitErrors.tooFewMultiLabelSamples(strata.multiLabelSamples());
    }
  }

  private static Map<Label, List<String>> missing(Strata strata, SplitParts parts, byte[] partOf) {
    int columns = parts.weights().length;
    boolean[] isThere = new boolean[strata.labels().size() * columns];
    for (int unit = 0; unit < partOf.length; unit++) {
      for (int i = strata.start(unit); i < strata.start(unit + 1); i++) {
        isThere[strata.labelAt(i) * columns + partOf[unit]] = true;
      }
    }
    Map<Label, List<String>> missing = new TreeMap<>();
    for (int cell = 0; cell < isThere.length; cell++) {
      if (!isThere[cell]) {
        missing
            .computeIfAbsent(strata.labels().get(cell / columns), label -> new ArrayList<>())
            .add(parts.names().get(cell % columns));
      }
    }
    return missing;
  }

  /** The last row of the table is that of the samples whose annotations carry no label. */
  private static byte[] drawEachLabel(Strata strata, Wish wish, Random random) {
    int columns = wish.parts();
    int labels = strata.labels().size();
    int[][] members = new int[labels + 1][];
    long[][] fixed = new long[labels + 1][columns];
    double[] table = new double[(labels + 1) * columns];
    byte[] partOf = new byte[strata.units()];
    for (int row = 0; row <= labels; row++) {
      members[row] = row < labels ? strata.members(row) : strata.unlabelled();
      for (int unit : members[row]) {
        if (strata.isFixed(unit)) {
          partOf[unit] = (byte) strata.fixedPart(unit);
          fixed[row][partOf[unit]]++;
        }
      }
      double[] wished = wish.forEachPart(members[row].length, fixed[row]);
      System.arraycopy(wished, 0, table, row * columns, columns);
    }
    int[] counts = Apportionment.of(table, columns);
    for (int row = 0; row <= labels; row++) {
      int part = 0;
      long left = counts[row * columns] - fixed[row][0];
      for (int unit : Shuffle.of(members[row], random)) {
        if (!strata.isFixed(unit)) {
          while (left == 0) {
            part++;
            left = counts[row * columns + part] - fixed[row][part];
          }
          partOf[unit] = (byte) part;
          left--;
        }
      }
    }
    return partOf;
  }
}
