package io.millrace.dataset.split;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.FirstNamed;
import io.millrace.dataset.Label;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StorageErrors;
import io.millrace.dataset.versioning.SplitParts;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Why samples cannot be split, said to the user. The limits are those of ModelArts. */
final class SplitErrors {
  static final int MIN_SAMPLES_PER_LABEL = 5;
  static final int MIN_MULTI_LABEL_SAMPLES = 2;

  /** The most offenders that a message names. */
  static final int MOST_NAMED = 20;

  private SplitErrors() {}

  static DatasetException noLabelledSample() {
    return new DatasetException(
        "Cannot split: no sample is labelled. Label samples first, or publish without a split (ratio 1.00).");
  }

  static DatasetException tooFewSamples(int least, Map<Label, Integer> counts) {
    return new DatasetException(
        "Cannot split: each label needs at least %d labelled samples%s, and %s. Label more samples, remove the label, or publish without a split (ratio 1.00)."
            .formatted(
                least,
                least > MIN_SAMPLES_PER_LABEL ? ", one for each part" : "",
                enumerated(counts)));
  }

  static DatasetException tooFewGroups(SplitParts parts, Map<Label, Integer> counts) {
    return new DatasetException(
        "Cannot split: each label needs samples in at least %d groups, one for each of %s, and of groups %s. Label samples of other groups, remove the label, or split without groups."
            .formatted(
                parts.weights().length, String.join(", ", parts.names()), enumerated(counts)));
  }

  static DatasetException tooFewMultiLabelSamples(List<String> samples) {
    return new DatasetException(
        "Cannot split: where samples with several labels occur, at least %d are needed, and only %s has several. Label more samples so, or give it one label."
            .formatted(MIN_MULTI_LABEL_SAMPLES, String.join(", ", samples)));
  }

  static DatasetException labelMissing(Map<Label, List<String>> missing) {
    List<String> offenders =
        missing.entrySet().stream()
            .map(entry -> "'" + entry.getKey() + "' in " + String.join(", ", entry.getValue()))
            .toList();
    return new DatasetException(
        "Cannot split: no draw found that has each label in each part; missing is %s. Label more samples with it, or choose another seed, other shares, or fewer groups and samples that have a part already."
            .formatted(FirstNamed.of(offenders, "; ", MOST_NAMED, offenders.size())));
  }

  static DatasetException earlierPartsContradicted(List<String> offenders, long count) {
    return new DatasetException(
        "Cannot split: samples keep the part that they had in earlier versions, and %s. Change the rule, the list or the usage, or split without keeping earlier parts."
            .formatted(FirstNamed.of(offenders, "; ", MOST_NAMED, count)));
  }

  static DatasetException groupTorn(List<String> offenders, long count) {
    return new DatasetException(
        "Cannot split: the samples of a group stay in one part, and %s. Change the rule, the list or the usage, choose another group key, or split without groups or without keeping earlier parts."
            .formatted(FirstNamed.of(offenders, "; ", MOST_NAMED, count)));
  }

  static DatasetException unknownFold(String sample, String fold, String version, int folds) {
    return new DatasetException(
        "Cannot split into %d folds: samples keep the fold that they had in earlier versions, and '%s' was in fold %s in %s. Ask for more folds, or split without keeping earlier parts."
            .formatted(folds, sample, fold, version));
  }

  static DatasetException badLines(String lists, List<String> offenders, long count) {
    return new DatasetException(
        "Cannot split by %s: %s. Correct these lines; nothing was published."
            .formatted(lists, FirstNamed.of(offenders, "; ", MOST_NAMED, count)));
  }

  static DatasetException unreadable(StorageUri list, IOException cause) {
    return new DatasetException(
        "Cannot read the list %s: %s."
            .formatted(
                list,
                StorageErrors.reason(list, cause)
                    .orElseGet(() -> cause.getMessage() + ". Check the address and permissions")),
        cause);
  }

  private static String enumerated(Map<Label, Integer> counts) {
    return FirstNamed.of(
        counts.entrySet().stream()
            .map(entry -> "'" + entry.getKey() + "' has " + entry.getValue())
            .toList(),
        MOST_NAMED);
  }
}
