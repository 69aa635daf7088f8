package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.versioning.GroupKey;
import io.millrace.dataset.versioning.SplitParts;
import io.millrace.dataset.versioning.SplitPlan;
import io.millrace.dataset.versioning.SplitPlan.Division;
import io.millrace.dataset.versioning.SplitPlan.EarlierParts;
import io.millrace.dataset.versioning.SplitPlan.PartList;
import io.millrace.dataset.versioning.SplitPlan.Rule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code version publish} that say which part each sample belongs to. */
final class SplitOptions {
  @Option(
      names = "--train-ratio",
      paramLabel = "RATIO",
      description =
          "Share of samples for training, 0.00 to 1.00; the rest is for evaluation, split so that"
              + " every label has its share (default: 1.00, no split).")
  String trainRatio;

  @Option(
      names = "--split",
      paramLabel = "PERCENTS",
      description =
          "Shares of TRAIN, EVAL and TEST in percent, such as 70,20,10, or with names, such as"
              + " TRAIN=90,TEST=10 (default: as --train-ratio says).")
  String split;

  @Option(
      names = "--folds",
      paramLabel = "K",
      description =
          "Divides the samples into K equal folds instead, 2 to 100: the property 'fold' of each"
              + " sample, from 0 (default: none).")
  Integer folds;

  @Option(
      names = "--fold",
      paramLabel = "N",
      description =
          "Of --folds: fold N is EVAL, the others are TRAIN (default: samples in folds have no"
              + " usage).")
  Integer fold;

  @Option(
      names = "--split-where",
      paramLabel = "PART:SELECTION",
      description =
          "Gives the samples that a selection selects a part, outside the shares, such as \"TEST:"
              + " directory like '%%/test%%'\"; repeat it, the first that selects a sample wins"
              + " (default: none).")
  List<String> rules = List.of();

  @Option(
      names = "--split-list",
      paramLabel = "[PART=]FILE",
      converter = PartListConverter.class,
      description =
          "A CSV file on any storage, each line a sample's id or address and its part, or all of"
              + " them of one part; goes before --split-where; repeat it for several (default:"
              + " none).")
  List<PartList> lists = List.of();

  @Option(
      names = "--stable",
      description =
          "Samples keep the part or fold that they had in the latest version that gave them one;"
              + " new ones are drawn so that the shares come out (default: all are drawn anew).")
  boolean stable;

  @Option(
      names = "--group-by",
      paramLabel = "KEY",
      description =
          "Samples with the same value stay in one part: directory, digest (exact duplicates),"
              + " video (the frames of one) or attribute:NAME (default: each sample by itself).")
  String groupBy;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "The same seed splits the same samples the same way (default: ${DEFAULT-VALUE}).")
  long seed = 0;

  /**
   * The plan.
   *
   * @throws DatasetException if options contradict each other or have no good values
   */
  SplitPlan toPlan() {
    checkOne();
    SplitParts parts = parts();
    if (parts == SplitParts.NOTHING_DRAWN && rules.isEmpty() && lists.isEmpty()) {
      if (stable || groupBy != null) {
        throw new DatasetException(
            "Invalid options: %s needs shares to draw. Add --split, --train-ratio or --folds."
                .formatted(stable ? "--stable" : "--group-by"));
      }
      return SplitPlan.NONE;
    }
    return new Division(
        parts,
        rules.stream().map(Rule::parse).toList(),
        lists,
        stable ? EarlierParts.KEEP : EarlierParts.IGNORE,
        groupBy == null ? GroupKey.Standard.NONE : GroupKey.parse(groupBy),
        seed);
  }

  private void checkOne() {
    List<String> given =
        Stream.of(
                trainRatio == null ? "" : "--train-ratio",
                split == null ? "" : "--split",
                folds == null ? "" : "--folds")
            .filter(name -> !name.isEmpty())
            .toList();
    if (given.size() > 1) {
      throw new DatasetException(
          "Invalid options: %s contradict each other. Give one of them."
              .formatted(String.join(" and ", given)));
    }
    if (fold != null && folds == null) {
      throw new DatasetException(
          "Invalid options: --fold %d without --folds. Say how many folds there are, such as --folds 5."
              .formatted(fold));
    }
  }

  private SplitParts parts() {
    if (split != null) {
      return SplitParts.Shares.parse(split);
    }
    if (folds != null) {
      return new SplitParts.Folds(folds, fold == null ? OptionalInt.empty() : OptionalInt.of(fold));
    }
    // ModelArts' ratio of 1.00 is no split.
    return trainRatio == null || SplitPlan.ofRatio(trainRatio, seed) == SplitPlan.NONE
        ? SplitParts.NOTHING_DRAWN
        : SplitPlan.partsOfRatio(trainRatio);
  }

  /** Reads {@code TEST=/lists/test.txt}, or an address alone. */
  static final class PartListConverter implements ITypeConverter<PartList> {
    @Override
    public PartList convert(String text) {
      int equals = text.indexOf('=');
      Optional<Usage> part =
          equals < 0 ? Optional.empty() : Usage.parse(text.substring(0, equals).strip());
      try {
        StorageUri file =
            MillraceCommand.address(part.isPresent() ? text.substring(equals + 1) : text);
        return new PartList(file, part);
      } catch (DatasetException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
