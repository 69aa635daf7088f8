package io.millrace.dataset.split;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a draw has to know of samples, as numbers: a unit is a sample, or a group of samples that
 * stay together; its labels have numbers in the order in which they were first seen.
 *
 * <p>Takes about 4 bytes a unit and 12 a label of a unit.
 */
public final class Strata {
  /** The part of a unit that is to be drawn. */
  static final int TO_DRAW = -1;

  private final List<Label> labels;
  private final byte[] fixedParts;
  private final int[] sizes;
  private final int[] starts;
  private final int[] unitLabels;
  private final int[] unitCounts;
  private final int[] memberStarts;
  private final int[] members;
  private final int[] samplesOfLabel;
  private final long samples;
  private final List<String> multiLabelSamples;
  private final boolean isGrouped;

  private Strata(Builder builder) {
    labels = List.copyOf(builder.labels);
    fixedParts = Arrays.copyOf(builder.fixedParts, builder.units());
    sizes = builder.sizes.toArray();
    starts = builder.starts.toArray();
    unitLabels = builder.unitLabels.toArray();
    unitCounts = builder.unitCounts.toArray();
    multiLabelSamples = List.copyOf(builder.multiLabelSamples);
    isGrouped = Arrays.stream(sizes).anyMatch(size -> size > 1);
    samples = Arrays.stream(sizes).asLongStream().sum();
    samplesOfLabel = new int[labels.size()];
    memberStarts = new int[labels.size() + 1];
    for (int i = 0; i < unitLabels.length; i++) {
      samplesOfLabel[unitLabels[i]] += unitCounts[i];
      memberStarts[unitLabels[i] + 1]++;
    }
    Arrays.parallelPrefix(memberStarts, Integer::sum);
    members = new int[unitLabels.length];
    int[] filled = Arrays.copyOf(memberStarts, labels.size());
    for (int unit = 0; unit < units(); unit++) {
      for (int i = starts[unit]; i < starts[unit + 1]; i++) {
        members[filled[unitLabels[i]]++] = unit;
      }
    }
  }

  int units() {
    return sizes.length;
  }

  /** Of all units. */
  long samples() {
    return samples;
  }

  List<Label> labels() {
    return labels;
  }

  /** How many samples of the unit. */
  int size(int unit) {
    return sizes[unit];
  }

  /** The part that the unit has already, or {@link #TO_DRAW}. */
  int fixedPart(int unit) {
    return fixedParts[unit];
  }

  boolean isFixed(int unit) {
    return fixedParts[unit] != TO_DRAW;
  }

  /** Where the labels of a unit begin; those of the next begin where they end. */
  int start(int unit) {
    return starts[unit];
  }

  /** The label at a place. */
  int labelAt(int place) {
    return unitLabels[place];
  }

  /** How many samples of the unit have the label at a place. */
  int countAt(int place) {
    return unitCounts[place];
  }

  /** How many samples have the label. */
  int samplesOf(int label) {
    return samplesOfLabel[label];
  }

  /** How many units have the label. */
  int unitsOf(int label) {
    return memberStarts[label + 1] - memberStarts[label];
  }

  /** The units that have the label, ascending. */
  int[] members(int label) {
    return Arrays.copyOfRange(members, memberStarts[label], memberStarts[label + 1]);
  }

  /** The units whose samples have no label, ascending. */
  int[] unlabelled() {
    IntList unlabelled = new IntList();
    for (int unit = 0; unit < units(); unit++) {
      if (starts[unit] == starts[unit + 1]) {
        unlabelled.add(unit);
      }
    }
    return unlabelled.toArray();
  }

  /** The ids of samples with several labels, the first few. */
  List<String> multiLabelSamples() {
    return multiLabelSamples;
  }

  boolean isMultiLabel() {
    return !multiLabelSamples.isEmpty();
  }

  /** Whether a unit has several samples. */
  boolean isGrouped() {
    return isGrouped;
  }

  /**
   * Takes samples unit by unit. The order of the units decides what is drawn, so that it has to be
   * the same for the same samples.
   */
  public static final class Builder {
    private static final int FEW = SplitErrors.MIN_MULTI_LABEL_SAMPLES;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Label> labels = new ArrayList<>();
    private final IntList sizes = new IntList();
    private final IntList starts = new IntList();
    private final IntList unitLabels = new IntList();
    private final IntList unitCounts = new IntList();
    private final List<String> multiLabelSamples = new ArrayList<>();
    private byte[] fixedParts = new byte[1024];
    private int[] counts = new int[64];
    private int[] openLabels = new int[16];
    private int openCount;
    private int size;

    public Builder() {
      starts.add(0);
    }

    /** How many units ended. */
    public int units() {
      return sizes.size();
    }

    /**
     * Adds a sample to the unit that has not ended yet.
     *
     * @param sampleLabels distinct
     */
    public Builder add(String id, Collection<String> sampleLabels) {
      for (String label : sampleLabels) {
        count(numberOf(label));
      }
      if (sampleLabels.size() > 1 && multiLabelSamples.size() < FEW) {
        multiLabelSamples.add(id);
      }
      size++;
      return this;
    }

    /** Ends a unit that is to be drawn; it has at least one sample. */
    public Builder endUnit() {
      return end(TO_DRAW);
    }

    /** Ends a unit that has a part already. */
    public Builder endUnit(int part) {
      checkArgument(part >= 0 && part <= Byte.MAX_VALUE, "Invalid part of a unit: %s", part);
      return end(part);
    }

    private Builder end(int part) {
      if (size == 0) {
        throw new IllegalStateException("A unit without samples ended");
      }
      if (units() == fixedParts.length) {
        fixedParts = Arrays.copyOf(fixedParts, fixedParts.length * 2);
      }
      fixedParts[units()] = (byte) part;
      Arrays.sort(openLabels, 0, openCount);
      for (int i = 0; i < openCount; i++) {
        unitLabels.add(openLabels[i]);
        unitCounts.add(counts[openLabels[i]]);
        counts[openLabels[i]] = 0;
      }
      openCount = 0;
      starts.add(unitLabels.size());
      sizes.add(size);
      size = 0;
      return this;
    }

    public Strata build() {
      if (size > 0) {
        throw new IllegalStateException("The last unit did not end");
      }
      return new Strata(this);
    }

    private int numberOf(String label) {
      Integer known = numbers.get(label);
      if (known != null) {
        return known;
      }
      int number = labels.size();
      numbers.put(label, number);
      labels.add(new Label(label));
      if (number == counts.length) {
        counts = Arrays.copyOf(counts, number * 2);
      }
      return number;
    }

    private void count(int label) {
      if (counts[label]++ == 0) {
        if (openCount == openLabels.length) {
          openLabels = Arrays.copyOf(openLabels, openCount * 2);
        }
        openLabels[openCount++] = label;
      }
    }
  }
}
