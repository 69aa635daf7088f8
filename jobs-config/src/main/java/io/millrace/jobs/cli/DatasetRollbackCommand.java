package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.versioning.RollbackConfig;
import io.millrace.dataset.versioning.RollbackConfig.Goal;
import io.millrace.dataset.versioning.RollbackReport;
import io.millrace.jobs.spark.SparkEngine;
import io.millrace.jobs.spark.StateJobs;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace dataset rollback}. */
@Command(
    name = "rollback",
    description =
        "Set a dataset's samples back to those of a version, in one commit. Published versions stay"
            + " as they are, and the state before can be restored by its number.")
final class DatasetRollbackCommand implements Callable<Integer> {
  @ParentCommand DatasetCommand dataset;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  DatasetName name;

  @ArgGroup(multiplicity = "1")
  GoalOption goal;

  /** To what. */
  static final class GoalOption {
    @Option(
        names = "--to",
        paramLabel = "VERSION",
        description = "A version, tag, branch or time of the dataset, or current.")
    String version;

    @Option(
        names = "--to-state",
        paramLabel = "N",
        description =
            "What an earlier commit left, as a rollback or merge told it; kept for 30 days by"
                + " default.")
    Long state;
  }

  @Mixin BranchOption branch;

  @Option(
      names = "--accept-losses",
      description =
          "Goes on although samples have hard marks or usages that the version was published"
              + " without.")
  boolean acceptLosses;

  @Option(names = "--dry-run", description = "Only counts what would change.")
  boolean dryRun;

  @Mixin SparkOptions spark;

  @Override
  public Integer call() {
    RollbackConfig config =
        new RollbackConfig(
            branch.state(name),
            goal.state != null
                ? new Goal.State(goal.state)
                : new Goal.Version(new DatasetRef(name, goal.version)),
            dryRun ? RollbackConfig.Mode.DRY_RUN : RollbackConfig.Mode.COMMIT,
            acceptLosses ? RollbackConfig.Losses.ACCEPT : RollbackConfig.Losses.REFUSE,
            System.getProperty("user.name"));
    branch.find(dataset.millrace.options, name);
    try (SparkEngine engine = spark.start()) {
      print(StateJobs.rollback(engine, dataset.millrace.options.catalog(), config));
    }
    return ExitCode.DONE;
  }

  private void print(RollbackReport report) {
    Console console = dataset.millrace.options.console(spec);
    console.line(
        switch (report.result()) {
          case COMMITTED -> "Rolled %s back to %s".formatted(report.branch(), report.goal());
          case DRY_RUN ->
              "Would roll %s back to %s (nothing was changed)"
                  .formatted(report.branch(), report.goal());
          case NOTHING_TO_DO ->
              "Nothing to roll back: %s is as %s".formatted(report.branch(), report.goal());
        });
    console.line("  " + DiffText.counts(report.counts()));
    if (report.result() == RollbackReport.Result.COMMITTED) {
      console.line(
          "  undo with  millrace dataset rollback %s --to-state %d%s"
              .formatted(name, report.formerState(), branch.argument()));
    }
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("target", report.branch().toString())
            .put("to", report.goal())
            .put("result", report.result().name())
            .put("former_state", report.formerState());
    json.set("samples", DiffText.json(report.counts()));
    console.json(json);
  }
}
