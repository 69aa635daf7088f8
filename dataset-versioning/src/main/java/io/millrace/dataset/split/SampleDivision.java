package io.millrace.dataset.split;

import io.millrace.dataset.versioning.SplitParts;
import io.millrace.dataset.versioning.SplitPlan.Division;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Decides for every sample of a version to which part it belongs. Samples come one by one, groups
 * together, and are forgotten but for their ids and labels' numbers: a million samples take some 60
 * MB.
 *
 * <p>An unlabelled sample has a part only where a list, a rule or its kept usage gives it one.
 */
public final class SampleDivision {
  private final Division plan;
  private final Sides sides;
  private final PartLists lists;
  private final Strata.Builder strata = new Strata.Builder();
  private final PackedTexts.Builder ids = new PackedTexts.Builder();

  /** Of each id the number of its unit, or below zero the complement of its side. */
  private final IntList unitOrSide = new IntList();

  private final Offenders contradictions = new Offenders();
  private final Offenders tornGroups = new Offenders();
  private final List<SplitSample> group = new ArrayList<>();
  private boolean hasLabelled;

  private SampleDivision(Division plan) {
    this.plan = plan;
    this.sides = Sides.of(plan.parts());
    this.lists = PartLists.read(plan.lists());
  }

  /**
   * Begins.
   *
   * @throws io.millrace.dataset.DatasetException if a list of the plan cannot be used
   */
  public static SampleDivision of(Division plan) {
    return new SampleDivision(plan);
  }

  /**
   * Takes a sample. The samples of a group follow each other; the order of the groups, and of the
   * samples in them, decides what is drawn.
   */
  public void add(SplitSample sample) {
    if (!group.isEmpty() && !group.get(0).group().equals(sample.group())) {
      endGroup();
    }
    group.add(sample);
  }

  /**
   * Draws, once all samples were added.
   *
   * @throws io.millrace.dataset.DatasetException naming the offenders, if lines of a list name no
   *     sample, if samples or groups would have to be in two parts, if no sample is labelled, or as
   *     {@link StratifiedSplit#draw} tells
   */
  public PartTable finish() {
    endGroup();
    lists.checkAllApplied();
    if (!contradictions.isEmpty()) {
      throw SplitErrors.earlierPartsContradicted(contradictions.first(), contradictions.count());
    }
    if (!tornGroups.isEmpty()) {
      throw SplitErrors.groupTorn(tornGroups.first(), tornGroups.count());
    }
    if (plan.parts() != SplitParts.NOTHING_DRAWN && !hasLabelled) {
      throw SplitErrors.noLabelledSample();
    }
    byte[] partOfUnit =
        strata.units() == 0
            ? new byte[0]
            : StratifiedSplit.draw(strata.build(), plan.parts(), plan.seed());
    byte[] sideOf = new byte[unitOrSide.size()];
    for (int i = 0; i < sideOf.length; i++) {
      int unit = unitOrSide.at(i);
      sideOf[i] = unit < 0 ? (byte) ~unit : partOfUnit[unit];
    }
    return new PartTable(sides, ids.build(), sideOf);
  }

  private void endGroup() {
    if (group.isEmpty()) {
      return;
    }
    NavigableMap<Integer, String> given = new TreeMap<>();
    NavigableMap<Integer, String> earlier = new TreeMap<>();
    BitSet isGiven = new BitSet(group.size());
    for (int i = 0; i < group.size(); i++) {
      SplitSample sample = group.get(i);
      hasLabelled |= sample.isLabelled();
      OptionalInt side = givenSide(sample);
      if (side.isPresent()) {
        isGiven.set(i);
        given.putIfAbsent(side.getAsInt(), "'" + sample.id() + "' is given");
      }
      sample.earlier().ifPresent(was -> remember(earlier, sample, was));
    }
    if (earlier.isEmpty()) {
      SplitSample sample = group.get(0);
      sample.earlierOfGroup().forEach(was -> remember(earlier, sample, was));
    }
    if (isWhole(given, earlier)) {
      place(
          given.isEmpty() ? Optional.empty() : Optional.of(given.firstKey()),
          earlier.isEmpty() ? Optional.empty() : Optional.of(earlier.firstKey()),
          isGiven);
    }
    group.clear();
  }

  private OptionalInt givenSide(SplitSample sample) {
    return lists.partOf(sample).or(sample::given).stream().mapToInt(sides::of).findFirst();
  }

  private void remember(
      NavigableMap<Integer, String> earlier, SplitSample sample, SplitSample.Earlier was) {
    int side =
        sides
            .ofEarlier(was.side())
            .orElseThrow(
                () ->
                    SplitErrors.unknownFold(sample.id(), was.side(), was.version(), sides.drawn()));
    earlier.putIfAbsent(side, "'" + sample.id() + "' was in " + was.version());
  }

  /** Whether all agree on one side at most; what does not is noted. */
  private boolean isWhole(
      NavigableMap<Integer, String> given, NavigableMap<Integer, String> earlier) {
    if (given.size() > 1 || earlier.size() > 1) {
      tornGroups.add(
          () ->
              "of '%s' %s"
                  .formatted(group.get(0).group(), told(given.size() > 1 ? given : earlier)));
      return false;
    }
    if (!given.isEmpty() && !earlier.isEmpty() && !given.firstKey().equals(earlier.firstKey())) {
      contradictions.add(() -> told(earlier) + " and " + told(given));
      return false;
    }
    return true;
  }

  /** Such as {@code 'a' is given TRAIN and 'b' is given EVAL}. */
  private String told(NavigableMap<Integer, String> reasons) {
    return reasons.entrySet().stream()
        .map(entry -> entry.getValue() + " " + sides.name(entry.getKey()))
        .reduce((one, other) -> one + " and " + other)
        .orElseThrow();
  }

  private void place(Optional<Integer> given, Optional<Integer> earlier, BitSet isGiven) {
    boolean isOutside =
        given.isPresent() || earlier.filter(side -> !sides.isDrawn(side)).isPresent();
    boolean hasUnit = false;
    for (int i = 0; i < group.size(); i++) {
      SplitSample sample = group.get(i);
      if (isGiven.get(i) || (isOutside && sample.isLabelled())) {
        ids.add(sample.id());
        unitOrSide.add(~given.or(() -> earlier).orElseThrow());
      } else if (sample.isLabelled() && plan.parts() != SplitParts.NOTHING_DRAWN) {
        ids.add(sample.id());
        unitOrSide.add(strata.units());
        strata.add(sample.id(), sample.labels());
        hasUnit = true;
      }
    }
    if (hasUnit && earlier.isPresent()) {
      strata.endUnit(earlier.get());
    } else if (hasUnit) {
      strata.endUnit();
    }
  }
}
