package io.millrace.dataset.versioning;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How two versions differ, in numbers.
 *
 * @param counts of samples
 * @param parts how many samples each part has of which the numbers differ, in both
 * @param labels how many samples each label has of which the numbers differ, in both
 */
public record VersionDiff(
    DatasetVersion from,
    DatasetVersion to,
    DiffCounts counts,
    NavigableMap<String, Change> parts,
    NavigableMap<String, Change> labels) {

  /** A number in the earlier and in the later version. */
  public record Change(long before, long after) {
    /** What was added; less than 0 where it became less. */
    public long difference() {
      return after - before;
    }
  }

  public VersionDiff {
    requireNonNull(from, "from is null");
    requireNonNull(to, "to is null");
    requireNonNull(counts, "counts is null");
    parts = Collections.unmodifiableNavigableMap(new TreeMap<>(parts));
    labels = Collections.unmodifiableNavigableMap(new TreeMap<>(labels));
  }

  /** What the versions and the comparison of their indexes tell. */
  public static VersionDiff of(DatasetVersion from, DatasetVersion to, DiffCounts counts) {
    return new VersionDiff(
        from, to, counts, changes(from.parts(), to.parts()), changes(from.labels(), to.labels()));
  }

  /** The numbers that differ, by their keys; what is in one map only counts 0 in the other. */
  public static NavigableMap<String, Change> changes(
      Map<String, Long> before, Map<String, Long> after) {
    NavigableMap<String, Change> changes = new TreeMap<>();
    before.forEach((key, was) -> changes.put(key, new Change(was, after.getOrDefault(key, 0L))));
    after.forEach((key, is) -> changes.putIfAbsent(key, new Change(0, is)));
    changes.values().removeIf(change -> change.difference() == 0);
    return changes;
  }
}
