package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.training.RunState;
import io.millrace.training.TrainingException;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train delete}. */
@Command(
    name = "delete",
    description =
        "Delete a run that is over, with its logs and their copy at log-url (but for keep-logs), and"
            + " what its cluster still holds of it; outputs stay.")
final class TrainDeleteCommand implements Callable<Integer> {
  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its name or id.")
  String name;

  @Option(
      names = "--leave-cluster",
      description = "Delete it here alone, and leave its cluster as it is.")
  boolean leaveCluster;

  @Mixin Confirmation confirmation;
  @Mixin TrainClusterOptions cluster;

  @Override
  public Integer call() throws IOException {
    RunRegistry registry = RunRegistry.at(train.runs);
    RunRecord found = registry.find(name);
    String run = found.run().displayName();
    RunState state = found.status().state();
    if (!state.isTerminal()) {
      throw new TrainingException(
          "Cannot delete %s: it is %s. Stop it first, with: millrace train stop %s --wait"
              .formatted(run, state.displayName(), run));
    }
    confirmation.require("delete " + run, run, spec.commandLine().getErr());
    if (found.clusterJob().isPresent() && !leaveCluster) {
      cluster.launcherOf(found).deleteFromCluster(found.run());
    }
    registry.delete(found, new StoresByAddress());
    Console console = train.millrace.options.console(spec);
    console.line("Deleted " + run);
    console.json(JsonNodeFactory.instance.objectNode().put("deleted", run));
    return ExitCode.DONE;
  }
}
