package io.millrace.jobs.cli;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DatasetSummary;
import picocli.CommandLine.Option;

/** On which branch a command works that looks at or changes a working state. */
final class BranchOption {
  @Option(
      names = "--branch",
      paramLabel = "BRANCH",
      defaultValue = "main",
      description = "The branch whose working state is meant (default: ${DEFAULT-VALUE}).")
  BranchName branch = BranchName.MAIN;

  /**
   * Where a dataset lies, with the working state of this branch.
   *
   * @throws io.millrace.dataset.DatasetException if there is no such dataset or branch
   */
  DatasetLayout find(GlobalOptions options, DatasetName dataset) {
    return options.catalog().find(dataset, branch);
  }

  /** A dataset as it is on this branch. */
  DatasetSummary show(GlobalOptions options, DatasetName dataset) {
    return options.catalog().show(dataset, branch);
  }

  /** How a command names this branch, with a space before it; nothing for main. */
  String argument() {
    return branch.equals(BranchName.MAIN) ? "" : " --branch " + branch;
  }

  StateRef.Working state(DatasetName dataset) {
    return new StateRef.Working(dataset, branch);
  }
}
