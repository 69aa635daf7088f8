package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.BranchSummary;
import io.millrace.dataset.delta.DatasetBranches;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.jobs.spark.SparkEngine;
import io.millrace.jobs.spark.StateJobs;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The command {@code millrace branch}. */
@Command(
    name = "branch",
    description = "Work on a dataset's samples beside those of its main branch.")
final class BranchCommand extends CommandGroup {
  @ParentCommand MillraceCommand millrace;

  @Command(
      name = "create",
      description =
          "Create a branch with the samples of a version; media are not copied. Commands work on it"
              + " with --branch.")
  int create(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @Parameters(paramLabel = "BRANCH", description = "The new branch.") BranchName branch,
      @Option(
              names = "--from",
              paramLabel = "VERSION",
              description =
                  "A version, tag, branch or time (default: ${DEFAULT-VALUE}, that of main).")
          String from,
      @Mixin SparkOptions spark) {
    DatasetRef version = new DatasetRef(dataset, from == null ? "current" : from);
    millrace.options.catalog().history(dataset).resolve(version);
    try (SparkEngine engine = spark.start()) {
      DatasetVersion made = StateJobs.branch(engine, millrace.options.catalog(), branch, version);
      Console console = millrace.options.console(spec);
      console.line(
          "Created branch %s of %s with the %d samples of %s"
              .formatted(branch, dataset, made.samples(), made.name()));
      console.json(
          JsonNodeFactory.instance
              .objectNode()
              .put("dataset", dataset.value())
              .put("branch", branch.value())
              .put("from", made.name().value())
              .put("samples", made.samples()));
    }
    return ExitCode.DONE;
  }

  @Command(name = "list", description = "List the branches of a dataset. Starts no engine.")
  int list(@Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset) {
    List<BranchSummary> branches =
        DatasetBranches.of(millrace.options.catalog().find(dataset)).list();
    Console console = millrace.options.console(spec);
    console.table(
        List.of("BRANCH", "FROM", "CURRENT", "SAMPLES"),
        branches.stream()
            .map(
                summary ->
                    List.of(
                        summary.branch().name().value(),
                        summary.branch().from().map(VersionName::value).orElse("-"),
                        summary.current().map(VersionName::value).orElse("-"),
                        Long.toString(summary.samples())))
            .toList());
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (BranchSummary summary : branches) {
      json.addObject()
          .put("branch", summary.branch().name().value())
          .put("from", summary.branch().from().map(VersionName::value).orElse(null))
          .put("current", summary.current().map(VersionName::value).orElse(null))
          .put("samples", summary.samples());
    }
    console.json(json);
    return ExitCode.DONE;
  }

  @Command(
      name = "delete",
      description =
          "Delete a branch and its working state; versions published on it stay. Starts no engine.")
  int delete(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @Parameters(paramLabel = "BRANCH", description = "The branch.") BranchName branch,
      @Mixin Confirmation confirmation) {
    DatasetBranches branches = DatasetBranches.of(millrace.options.catalog().find(dataset));
    branches.find(branch);
    confirmation.require(
        "delete branch %s of %s".formatted(branch, dataset),
        branch.value(),
        spec.commandLine().getErr());
    branches.delete(branch, Instant.now());
    Console console = millrace.options.console(spec);
    console.line(
        "Deleted branch %s of %s; versions published on it stay".formatted(branch, dataset));
    console.json(
        JsonNodeFactory.instance
            .objectNode()
            .put("dataset", dataset.value())
            .put("deleted", branch.value()));
    return ExitCode.DONE;
  }
}
