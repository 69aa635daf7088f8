package io.millrace.dataset.merging;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StateRef;
import java.util.Optional;

/**
 * What a merge is asked to do.
 *
 * @param base what both sides come from; empty to find it, or to do without
 * @param mode whether it is done, or only counted
 * @param listed how many conflicts and duplicates a report names at most, at least 1
 * @param by the name of the user, for the audit
 */
public record MergeConfig(
    StateRef.Working target,
    StateRef source,
    Optional<StateRef> base,
    MergePolicy policy,
    Mode mode,
    int listed,
    String by) {
  public static final int DEFAULT_LISTED = 20;

  /** Whether a merge is done, or only counted. */
  public enum Mode {
    COMMIT,
    DRY_RUN
  }

  public MergeConfig {
    requireNonNull(target, "target is null");
    requireNonNull(source, "source is null");
    requireNonNull(base, "base is null");
    requireNonNull(policy, "policy is null");
    requireNonNull(mode, "mode is null");
    checkArgument(listed >= 1, "Invalid limit: %s (expected at least 1)", listed);
    checkArgument(by != null && !by.isBlank(), "Invalid user: the name is empty");
  }

  /** A merge that is done unless there are conflicts. */
  public static MergeConfig of(StateRef.Working target, StateRef source, String by) {
    return new MergeConfig(
        target, source, Optional.empty(), MergePolicy.FAIL, Mode.COMMIT, DEFAULT_LISTED, by);
  }

  public MergeConfig withBase(Optional<StateRef> base) {
    return new MergeConfig(target, source, base, policy, mode, listed, by);
  }

  public MergeConfig withPolicy(MergePolicy policy) {
    return new MergeConfig(target, source, base, policy, mode, listed, by);
  }

  public MergeConfig withMode(Mode mode) {
    return new MergeConfig(target, source, base, policy, mode, listed, by);
  }

  public MergeConfig withListed(int listed) {
    return new MergeConfig(target, source, base, policy, mode, listed, by);
  }
}
