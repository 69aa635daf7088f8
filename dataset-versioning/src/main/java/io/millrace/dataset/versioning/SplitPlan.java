package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.filter.SampleFilter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which part of a version (training, evaluation, test, a fold) each sample belongs to. */
public sealed interface SplitPlan {

  /** Samples are not divided; kept usages stay. */
  record NoSplit() implements SplitPlan {
    @Override
    public String toString() {
      return "none";
    }
  }

  /**
   * Who decides about a sample, in this order: a list that names it, the first rule that selects
   * it, the usage that it has where usages are kept. With {@link EarlierParts#KEEP} a sample of
   * earlier versions then keeps its part, and what contradicts that is an error. The others are
   * drawn, if they are labelled. With a group key, a group goes where one of its samples has to.
   *
   * <p>What lists, rules and kept usages decide lies outside the shares; what earlier versions
   * decide counts in them.
   *
   * @param rules in the order of their rank
   * @param seed same samples, plan and seed: same parts
   */
  record Division(
      SplitParts parts,
      List<Rule> rules,
      List<PartList> lists,
      EarlierParts earlier,
      GroupKey groupKey,
      long seed)
      implements SplitPlan {
    public Division {
      requireNonNull(parts, "parts is null");
      requireNonNull(earlier, "earlier is null");
      requireNonNull(groupKey, "groupKey is null");
      rules = List.copyOf(rules);
      lists = List.copyOf(lists);
      checkArgument(
          parts != SplitParts.NOTHING_DRAWN
              || (earlier == EarlierParts.IGNORE && groupKey == GroupKey.Standard.NONE),
          "Invalid split: earlier parts are kept, or groups stay together, but nothing is drawn. Say the shares of the parts, or the number of folds.");
      checkArgument(
          parts != SplitParts.NOTHING_DRAWN || !rules.isEmpty() || !lists.isEmpty(),
          "Invalid split: nothing is drawn, and no rule and no list gives a sample a part. Say the shares of the parts, or plan no split.");
    }

    /** All samples are drawn, each by itself. */
    public Division(SplitParts parts, long seed) {
      this(parts, List.of(), List.of(), EarlierParts.IGNORE, GroupKey.Standard.NONE, seed);
    }

    public Division withRules(List<Rule> rules) {
      return new Division(parts, rules, lists, earlier, groupKey, seed);
    }

    public Division withLists(List<PartList> lists) {
      return new Division(parts, rules, lists, earlier, groupKey, seed);
    }

    public Division withEarlier(EarlierParts earlier) {
      return new Division(parts, rules, lists, earlier, groupKey, seed);
    }

    public Division withGroupKey(GroupKey groupKey) {
      return new Division(parts, rules, lists, earlier, groupKey, seed);
    }

    /** Such as {@code TRAIN 80 %, EVAL 20 %; TEST: hard = true; stable; seed 7}. */
    @Override
    public String toString() {
      List<String> said = new ArrayList<>(List.of(parts.toString()));
      lists.forEach(list -> said.add(list.toString()));
      rules.forEach(rule -> said.add(rule.toString()));
      if (earlier == EarlierParts.KEEP) {
        said.add("stable");
      }
      if (groupKey != GroupKey.Standard.NONE) {
        said.add("by " + groupKey);
      }
      said.add("seed " + seed);
      return String.join("; ", said);
    }
  }

  /**
   * Gives the samples that a selection selects a part. It sees the working state: usages and hard
   * marks also where the version is to have none.
   */
  record Rule(SampleFilter filter, Usage part) {
    public Rule {
      requireNonNull(filter, "filter is null");
      requireNonNull(part, "part is null");
      checkArgument(
          filter.metrics().isEmpty(),
          "Invalid rule of a split: '%s' asks for metrics, which only published versions have. Leave out %s.",
          filter,
          String.join(", ", filter.metrics()));
    }

    /**
     * Reads a rule.
     *
     * @param text such as {@code TEST: directory like '%/test%'}
     * @throws DatasetException if it has no part or its selection cannot be understood
     */
    public static Rule parse(String text) {
      int colon = text.indexOf(':');
      Usage part =
          Usage.parse(colon < 0 ? "" : text.substring(0, colon).strip())
              .orElseThrow(
                  () ->
                      new DatasetException(
                          "Invalid rule of a split: '%s' (expected a part, a colon and a selection, such as TEST: directory like '%%/test%%')"
                              .formatted(text)));
      return new Rule(SampleFilter.parse(text.substring(colon + 1).strip()), part);
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
      return part + ": " + filter;
    }
  }

  /**
   * A file that gives samples their parts: CSV without or with a header, each line a sample's id or
   * its source's address, and its part.
   *
   * @param part of the lines that name none
   */
  record PartList(StorageUri file, Optional<Usage> part) {
    public PartList {
      requireNonNull(file, "file is null");
      requireNonNull(part, "part is null");
    }

    @Override
    public String toString() {
      return part.map(usage -> usage + " ").orElse("") + "list " + file;
    }
  }

  /** Whether samples keep the part that they had in earlier versions. */
  enum EarlierParts {
    IGNORE,
    KEEP
  }

  SplitPlan NONE = new NoSplit();

  /**
   * The plan that ModelArts' {@code train_evaluate_sample_ratio} asks for.
   *
   * @param ratio the part of TRAIN, from 0.00 to 1.00 with at most two decimals; 1.00 is no split
   * @throws DatasetException if the text is no such number
   */
  static SplitPlan ofRatio(String ratio, long seed) {
    int percent = percentOfRatio(ratio);
    return percent == 100 ? NONE : new Division(trainAndEval(percent), seed);
  }

  /**
   * The parts of a {@code train_evaluate_sample_ratio}; for 1.00, where all is TRAIN or nothing is
   * split, all is TRAIN.
   */
  static SplitParts partsOfRatio(String ratio) {
    return trainAndEval(percentOfRatio(ratio));
  }

  private static SplitParts trainAndEval(int trainPercent) {
    Map<Usage, Integer> percents = new EnumMap<>(Usage.class);
    percents.put(Usage.TRAIN, trainPercent);
    percents.put(Usage.EVAL, 100 - trainPercent);
    return new SplitParts.Shares(percents);
  }

  private static int percentOfRatio(String ratio) {
    try {
      int percent = new BigDecimal(ratio.strip()).movePointRight(2).intValueExact();
      if (percent >= 0 && percent <= 100) {
        return percent;
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
