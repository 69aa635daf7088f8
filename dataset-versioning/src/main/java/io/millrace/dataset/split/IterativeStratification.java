package io.millrace.dataset.split;

import java.util.Random;
import java.util.function.IntPredicate;

/**
 * Divides samples with several labels, or groups of samples, into parts.
 *
 * <ol>
 *   <li>Label by label, the one with the fewest units left first: its units, the heaviest first,
 *       each go where the label is wanted most (Sechidis et al. 2011, algorithm 1, with groups and
 *       with units that have a part already).
 *   <li>A label that a part lacks is brought there by moving the unit that costs least, as long as
 *       fewer labels are lacking somewhere afterwards.
 *   <li>A unit that serves the wish better in another part moves there, unless a label would be
 *       lost; until none does, or {@value #MOST_PASSES} times through all.
 * </ol>
 *
 * <p>What is made small is the sum over labels of the squared differences between the parts'
 * samples and the wish, divided by the label's samples, and the squared differences of all samples
 * together. These are divided by the samples too where units are groups. Single samples can be
 * evened out, so that there they count whole: in the end, after a time at less, in which the
 * samples move that the labels can spare best.
 *
 * <p>Takes time in proportion to units times their labels times parts, and a logarithm of the
 * number of labels.
 *
 * @see <a href="https://doi.org/10.1007/978-3-642-23808-6_10">Sechidis, Tsoumakas, Vlahavas: On the
 *     Stratification of Multi-Label Data, ECML PKDD 2011</a>
 */
final class IterativeStratification {
  static final int MOST_PASSES = 20;

  /** A gain that comes of adding fractions is none. */
  private static final double NOISE = 1e-9;

  private static final int UNASSIGNED = -1;

  /** How fast the evenness of all samples together gains weight. */
  private static final double GROWTH = 4;

  private final Strata strata;
  private final Random random;
  private final int parts;
  private final byte[] partOf;

  /** How many samples of each label each part has, label by label. */
  private final int[] got;

  /** How many samples of each label each part has more than it is to have, label by label. */
  private final double[] excess;

  /** How many samples each part has more than it is to have. */
  private final double[] totalExcess;

  /** What a squared difference of all samples together counts for. */
  private double totalWeight;

  private IterativeStratification(Strata strata, Wish wish, Random random) {
    this.strata = strata;
    this.random = random;
    this.parts = wish.parts();
    int labels = strata.labels().size();
    partOf = new byte[strata.units()];
    got = new int[labels * parts];
    excess = new double[labels * parts];
    totalExcess = new double[parts];
    totalWeight = 1.0 / strata.samples();
    long[] fixedTotals = new long[parts];
    for (int unit = 0; unit < partOf.length; unit++) {
      partOf[unit] = UNASSIGNED;
      if (strata.isFixed(unit)) {
        assign(unit, strata.fixedPart(unit));
        fixedTotals[strata.fixedPart(unit)] += strata.size(unit);
      }
    }
    long[] fixed = new long[parts];
    for (int label = 0; label < labels; label++) {
      for (int part = 0; part < parts; part++) {
        fixed[part] = got[label * parts + part];
      }
      double[] wished = wish.forEachPart(strata.samplesOf(label), fixed);
      for (int part = 0; part < parts; part++) {
        excess[label * parts + part] -= wished[part];
      }
    }
    double[] wished = wish.forEachPart(strata.samples(), fixedTotals);
    for (int part = 0; part < parts; part++) {
      totalExcess[part] -= wished[part];
    }
  }

  /** The part of each unit. */
  static byte[] draw(Strata strata, Wish wish, Random random) {
    IterativeStratification draw = new IterativeStratification(strata, wish, random);
    draw.assignLabels();
    draw.assignUnlabelled();
    draw.bringLabelsIntoAllParts();
    draw.improve();
    return draw.partOf;
  }

  private void assignLabels() {
    RarestLabels rarest = new RarestLabels(unitsLeft());
    while (!rarest.isEmpty()) {
      int label = rarest.take();
      for (int unit : inDrawingOrder(label)) {
        if (partOf[unit] == UNASSIGNED) {
          assign(unit, mostWanting(label * parts));
          for (int i = strata.start(unit); i < strata.start(unit + 1); i++) {
            rarest.decrement(strata.labelAt(i));
          }
        }
      }
    }
  }

  private int[] unitsLeft() {
    int[] left = new int[strata.labels().size()];
    for (int unit = 0; unit < partOf.length; unit++) {
      if (partOf[unit] == UNASSIGNED) {
        for (int i = strata.start(unit); i < strata.start(unit + 1); i++) {
          left[strata.labelAt(i)]++;
        }
      }
    }
    return left;
  }

  /** The units of a label: large groups first, which find their place while there is room. */
  private int[] inDrawingOrder(int label) {
    int[] shuffled = Shuffle.of(strata.members(label), random);
    return strata.isGrouped()
        ? Heaviest.first(shuffled, unit -> strata.countAt(place(unit, label)))
        : shuffled;
  }

  private int place(int unit, int label) {
    int place = strata.start(unit);
    while (strata.labelAt(place) != label) {
      place++;
    }
    return place;
  }

  private void assignUnlabelled() {
    int[] shuffled = Shuffle.of(strata.unlabelled(), random);
    for (int unit : strata.isGrouped() ? Heaviest.first(shuffled, strata::size) : shuffled) {
      if (partOf[unit] == UNASSIGNED) {
        assign(unit, mostWanting(-1));
      }
    }
  }

  /**
   * The part that has least of a label compared with the wish, of equals the one that has least of
   * all samples, of these any.
   *
   * @param row where the label begins in {@link #excess}; negative for all samples
   */
  private int mostWanting(int row) {
    int best = 0;
    int equals = 1;
    for (int part = 1; part < parts; part++) {
      int order = row < 0 ? 0 : Double.compare(excess[row + part], excess[row + best]);
      if (order == 0) {
        order = Double.compare(totalExcess[part], totalExcess[best]);
      }
      if (order < 0) {
        best = part;
        equals = 1;
      } else if (order == 0) {
        equals++;
        best = random.nextInt(equals) == 0 ? part : best;
      }
    }
    return best;
  }

  private void assign(int unit, int part) {
    partOf[unit] = (byte) part;
    add(unit, part, 1);
  }

  private void move(int unit, int to) {
    add(unit, partOf[unit], -1);
    assign(unit, to);
  }

  private void add(int unit, int part, int times) {
    totalExcess[part] += (double) times * strata.size(unit);
    for (int i = strata.start(unit); i < strata.start(unit + 1); i++) {
      int cell = strata.labelAt(i) * parts + part;
      got[cell] += times * strata.countAt(i);
      excess[cell] += (double) times * strata.countAt(i);
    }
  }

  private void bringLabelsIntoAllParts() {
    boolean isChanged = true;
    while (isChanged) {
      isChanged = false;
      for (int cell = 0; cell < got.length; cell++) {
        isChanged |= got[cell] == 0 && bring(cell / parts, cell % parts);
      }
    }
  }

  /** Whether some unit could be moved so that fewer labels are lacking somewhere. */
  private boolean bring(int label, int to) {
    int best = -1;
    int bestGain = 0;
    double bestCost = 0;
    for (int unit : Shuffle.of(strata.members(label), random)) {
      if (!strata.isFixed(unit)) {
        int gain = labelsGained(unit, to) - labelsLost(unit);
        double cost = cost(unit, to);
        if (gain > bestGain || (gain == bestGain && best >= 0 && cost < bestCost)) {
          best = unit;
          bestGain = gain;
          bestCost = cost;
        }
      }
    }
    if (best >= 0) {
      move(best, to);
    }
    return best >= 0;
  }

  private int labelsGained(int unit, int to) {
    return count(unit, place -> got[strata.labelAt(place) * parts + to] == 0);
  }

  /** How many labels the unit's part would lack without it. */
  private int labelsLost(int unit) {
    int from = partOf[unit];
    return count(unit, place -> got[strata.labelAt(place) * parts + from] == strata.countAt(place));
  }

  private int count(int unit, IntPredicate condition) {
    int count = 0;
    for (int place = strata.start(unit); place < strata.start(unit + 1); place++) {
      count += condition.test(place) ? 1 : 0;
    }
    return count;
  }

  /** What moving a unit would add to the sum of squares that is to be small. */
  private double cost(int unit, int to) {
    int from = partOf[unit];
    double size = strata.size(unit);
    double cost = size * (size + totalExcess[to] - totalExcess[from]) * totalWeight;
    for (int i = strata.start(unit); i < strata.start(unit + 1); i++) {
      int label = strata.labelAt(i);
      double count = strata.countAt(i);
      cost +=
          count
              * (count + excess[label * parts + to] - excess[label * parts + from])
              / strata.samplesOf(label);
    }
    return 2 * cost;
  }

  private void improve() {
    if (!strata.isGrouped()) {
      for (; totalWeight < 1; totalWeight *= GROWTH) {
        moveAll();
      }
      totalWeight = 1;
    }
    boolean isChanged = true;
    for (int pass = 0; isChanged && pass < MOST_PASSES; pass++) {
      isChanged = moveAll();
    }
  }

  /** Whether a unit moved. */
  private boolean moveAll() {
    boolean isChanged = false;
    for (int unit = 0; unit < partOf.length; unit++) {
      isChanged |= !strata.isFixed(unit) && moveToBestPart(unit);
    }
    return isChanged;
  }

  private boolean moveToBestPart(int unit) {
    int best = partOf[unit];
    double bestCost = -NOISE;
    for (int part = 0; part < parts; part++) {
      double cost = part == partOf[unit] ? 0 : cost(unit, part);
      if (cost < bestCost && labelsLost(unit) <= labelsGained(unit, part)) {
        best = part;
        bestCost = cost;
      }
    }
    boolean isBetter = best != partOf[unit];
    if (isBetter) {
      move(unit, best);
    }
    return isBetter;
  }
}
