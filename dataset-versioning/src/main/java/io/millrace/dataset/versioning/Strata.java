package io.millrace.dataset.versioning;

import io.millrace.dataset.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Samples and labels as numbers: the position in the list of samples, and in the sorted list of
 * labels.
 *
 * @param samples how many there are
 * @param labels sorted
 * @param labelsOf the labels of each sample, ascending
 * @param members the samples of each label, ascending
 */
record Strata(int samples, List<Label> labels, List<int[]> labelsOf, List<int[]> members) {

  static Strata of(List<LabelledSample> samples) {
    TreeSet<Label> distinct = new TreeSet<>();
    samples.forEach(sample -> distinct.addAll(sample.labels()));
    List<Label> labels = List.copyOf(distinct);
    Map<Label, Integer> numbers = new HashMap<>();
    for (Label label : labels) {
      numbers.put(label, numbers.size());
    }
    List<int[]> labelsOf =
        samples.stream()
            .map(sample -> sample.labels().stream().mapToInt(numbers::get).sorted().toArray())
            .toList();
    return new Strata(samples.size(), labels, labelsOf, membersOf(labels.size(), labelsOf));
  }

  boolean isMultiLabel() {
    return labelsOf.stream().anyMatch(labels -> labels.length > 1);
  }

  int[] labelsOf(int sample) {
    return labelsOf.get(sample);
  }

  int[] members(int label) {
    return members.get(label);
  }

  /** The samples whose annotations carry no label, ascending. */
  int[] unlabelled() {
    return IntStream.range(0, samples).filter(sample -> labelsOf(sample).length == 0).toArray();
  }

  private static List<int[]> membersOf(int labels, List<int[]> labelsOf) {
    int[] counts = new int[labels];
    labelsOf.forEach(of -> Arrays.stream(of).forEach(label -> counts[label]++));
    List<int[]> members = new ArrayList<>(labels);
    for (int count : counts) {
      members.add(new int[count]);
    }
    int[] filled = new int[labels];
    for (int sample = 0; sample < labelsOf.size(); sample++) {
      for (int label : labelsOf.get(sample)) {
        members.get(label)[filled[label]++] = sample;
      }
    }
    return members;
  }
}
