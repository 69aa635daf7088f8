package io.millrace.dataset.delta;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.VersionName;
import io.millrace.dataset.versioning.Branch;
import java.util.Optional;

/**
 * A branch and what it holds now.
 *
 * @param current the version that references to it mean; empty where it has none
 * @param samples of its working state; of a table dataset its rows
 */
public record BranchSummary(Branch branch, Optional<VersionName> current, long samples) {
  public BranchSummary {
    requireNonNull(branch, "branch is null");
    requireNonNull(current, "current is null");
  }
}
