package io.millrace.jobs.cli;

import io.millrace.jobs.training.LogFollower;
import io.millrace.training.RunHandle;
import io.millrace.training.TrainingException;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train attach}. */
@Command(
    name = "attach",
    description =
        "Follow a run on volcano again whose launcher has ended, until its end; Ctrl-C ends the"
            + " following, not the run.")
final class TrainAttachCommand implements Callable<Integer> {
  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its name or id.")
  String name;

  @Mixin TrainClusterOptions cluster;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunRecord run = RunRegistry.at(train.runs).find(name);
    if (run.clusterJob().isEmpty()) {
      throw new TrainingException(
          "Cannot attach to %s: its processes end with its launcher, and no cluster owns its job. Look at it with: millrace train logs %s --follow"
              .formatted(run.run().displayName(), run.run().displayName()));
    }
    Console console = train.millrace.options.console(spec);
    RunHandle handle = cluster.launcherOf(run).reattach(run);
    console.line("Attached to " + run.run().displayName());
    LogFollower.awaitEnd(handle, train.runs, console::line);
    return TrainCommand.report(handle.run(), handle.status(), console);
  }
}
