package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StateRef;

/**
 * What a rollback is asked to do.
 *
 * @param mode whether it is done, or only counted
 * @param losses what happens where the version does not carry what the samples have
 * @param by the name of the user, for the audit
 */
public record RollbackConfig(
    StateRef.Working branch, Goal goal, Mode mode, Losses losses, String by) {

  /** To what the samples are set back. */
  public sealed interface Goal {
    /** The samples of a version of the dataset. */
    record Version(DatasetRef ref) implements Goal {
      public Version {
        requireNonNull(ref, "ref is null");
      }

      @Override
      public String toString() {
        return ref.toString();
      }
    }

    /** What a commit left, by its number. */
    record State(long number) implements Goal {
      public State {
        checkArgument(number >= 0, "Invalid state: %s (expected at least 0)", number);
      }

      @Override
      public String toString() {
        return "state " + number;
      }
    }
  }

  public enum Mode {
    COMMIT,
    DRY_RUN
  }

  /** Hard marks and usages that a publishing cleared. */
  public enum Losses {
    REFUSE,
    ACCEPT
  }

  public RollbackConfig {
    requireNonNull(branch, "branch is null");
    requireNonNull(goal, "goal is null");
    requireNonNull(mode, "mode is null");
    requireNonNull(losses, "losses is null");
    checkArgument(by != null && !by.isBlank(), "Invalid user: the name is empty");
    checkArgument(
        !(goal instanceof Goal.Version version) || version.ref().dataset().equals(branch.dataset()),
        "Cannot roll back %s to %s: it is of another dataset. Merge it instead.",
        branch,
        goal);
  }
}
