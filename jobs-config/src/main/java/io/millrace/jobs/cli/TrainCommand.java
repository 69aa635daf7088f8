package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingRun;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;

/** The command {@code millrace train}. */
@Command(
    name = "train",
    description = "Start distributed training jobs and look after them.",
    subcommands = {
      TrainSubmitCommand.class,
      TrainListCommand.class,
      TrainShowCommand.class,
      TrainLogsCommand.class,
      TrainEventsCommand.class,
      TrainStopCommand.class,
      TrainAttachCommand.class,
      TrainRebuildCommand.class,
      TrainDeleteCommand.class,
      TrainReportCommand.class,
      TrainMetricsCommand.class,
      TrainCompareCommand.class,
      TrainExperimentsCommand.class
    })
final class TrainCommand extends CommandGroup {
  private static final String VARIABLE = "MILLRACE_RUNS";
  private static final String USUAL = "runs";

  @ParentCommand MillraceCommand millrace;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:" + VARIABLE + ":-" + USUAL + "}",
      description = "Where runs are kept (default: $MILLRACE_RUNS, else ./runs).")
  Path runs;

  /** Whether runs are where another command of this shell finds them without being told. */
  boolean isUsualPlace() {
    return runs.equals(Path.of(System.getenv().getOrDefault(VARIABLE, USUAL)));
  }

  static int report(TrainingRun run, RunStatus status, Console console) {
    console.line(
        "%s %s%s"
            .formatted(
                run.displayName(),
                status.state().displayName(),
                status.message().map(message -> ": " + message).orElse("")));
    console.json(toJson(run, status));
    return status.state() == RunState.COMPLETED ? ExitCode.DONE : ExitCode.FAILED;
  }

  static ObjectNode toJson(TrainingRun run, RunStatus status) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("run", run.displayName())
            .put("id", run.id().value())
            .put("job", run.job().name())
            .put("experiment", run.job().experiment().orElse(null))
            .put("state", status.state().displayName())
            .put("nodes", run.job().nodes())
            .put("restarts", status.restarts())
            .put("created_at", status.created().toString())
            .put("started_at", status.started().map(Object::toString).orElse(null))
            .put("ended_at", status.ended().map(Object::toString).orElse(null))
            .put("message", status.message().orElse(null));
    status.exitCode().ifPresent(code -> json.put("exit_code", code));
    status.failedRank().ifPresent(rank -> json.put("failed_rank", rank));
    return json;
  }
}
