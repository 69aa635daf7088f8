package io.millrace.jobs.cli;

import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train stop}. */
@Command(
    name = "stop",
    description = "Ask a run to end: its processes get SIGTERM, after the grace SIGKILL.")
final class TrainStopCommand implements Callable<Integer> {
  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its name or id.")
  String name;

  @Option(names = "--kill", description = "SIGKILL at once, without any grace.")
  boolean kill;

  @Option(names = "--wait", description = "Return only when the run is over.")
  boolean wait;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunRecord found = RunRegistry.at(train.runs).find(name);
    if (kill) {
      found.requestKill();
    } else {
      found.requestStop();
    }
    Console console = train.millrace.options.console(spec);
    console.line("Asked %s to stop".formatted(found.run().displayName()));
    RunRecord then = wait ? found.awaitEnd() : found;
    if (wait) {
      console.line(
          "%s %s".formatted(then.run().displayName(), then.status().state().displayName()));
    }
    console.json(TrainCommand.toJson(then.run(), then.status()));
    return ExitCode.DONE;
  }
}
