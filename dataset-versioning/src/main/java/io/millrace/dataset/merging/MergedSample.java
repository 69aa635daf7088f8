package io.millrace.dataset.merging;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of one sample.
 *
 * @param sample as it shall be; empty where the target shall not have it, or it is a conflict
 * @param clashes what both sides changed, each in another way, whether a policy settled it or not
 */
public record MergedSample(Action action, Optional<Sample> sample, Set<Aspect> clashes) {

  /** What is done to the target. */
  public enum Action {
    /** Nothing. */
    KEEP,
    ADD,
    CHANGE,
    REMOVE,
    /** Nothing can be done as long as nobody decides. */
    CONFLICT
  }

  public MergedSample {
    requireNonNull(action, "action is null");
    requireNonNull(sample, "sample is null");
    clashes = clashes.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(clashes));
  }

  /** Whether a policy settled a clash. */
  public boolean isSettled() {
    return !clashes.isEmpty() && action != Action.CONFLICT;
  }
}
