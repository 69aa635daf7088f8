package io.millrace.dataset.merging;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StateRef;
import java.util.List;
import java.util.Optional;

/**
 * What came of a merge.
 *
 * @param base what both sides were compared with; empty where there was nothing
 * @param formerState the number of the target's state before, by which it can be restored
 * @param conflicts the first of them, by id
 * @param duplicates the first of the added samples whose bytes the target has by another id
 */
public record MergeReport(
    StateRef.Working target,
    String source,
    Optional<String> base,
    MergePolicy policy,
    Result result,
    Optional<Long> formerState,
    MergeCounts counts,
    List<MergeConflict> conflicts,
    List<Duplicate> duplicates) {

  /** How it ended. */
  public enum Result {
    COMMITTED,
    NOTHING_TO_DO,
    DRY_RUN
  }

  /**
   * Two samples with the same bytes.
   *
   * @param added by the merge
   * @param present in the target before
   */
  public record Duplicate(String added, String addedSource, String present, String presentSource) {}

  public MergeReport {
    requireNonNull(target, "target is null");
    requireNonNull(source, "source is null");
    requireNonNull(base, "base is null");
    requireNonNull(policy, "policy is null");
    requireNonNull(result, "result is null");
    requireNonNull(formerState, "formerState is null");
    requireNonNull(counts, "counts is null");
    conflicts = List.copyOf(conflicts);
    duplicates = List.copyOf(duplicates);
  }

  public MergeReport with(Result result) {
    return new MergeReport(
        target, source, base, policy, result, formerState, counts, conflicts, duplicates);
  }
}
