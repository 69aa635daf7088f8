package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingRun;
import io.millrace.training.watch.RunEvent;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;

/** The command {@code millrace train}. */
@Command(
    name = "train",
    description = "Start distributed training jobs and look after them.",
    subcommands = {
      TrainSubmitCommand.class,
      TrainReportCommand.class,
      TrainMetricsCommand.class,
      TrainCompareCommand.class,
      TrainExperimentsCommand.class
    })
final class TrainCommand extends CommandGroup {

  @ParentCommand MillraceCommand millrace;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:MILLRACE_RUNS:-runs}",
      description = "Where runs are kept (default: $MILLRACE_RUNS, else ./runs).")
  Path runs;

  @Command(name = "list", description = "List runs, the latest first.")
  int list() {
    List<RunRecord> found = RunRegistry.at(runs).list();
    Console console = millrace.options.console(spec);
    if (found.isEmpty()) {
      console.line("No training runs in " + runs);
    } else {
      console.table(
          List.of("RUN", "STATE", "NODES", "EXIT", "RESTARTS", "SUBMITTED"),
          found.stream()
              .map(
                  each ->
                      List.of(
                          each.run().displayName(),
                          each.status().state().displayName(),
                          Integer.toString(each.run().job().nodes()),
                          each.status().exitCode().isPresent()
                              ? Integer.toString(each.status().exitCode().getAsInt())
                              : "-",
                          Integer.toString(each.status().restarts()),
                          Console.time(each.status().created())))
              .toList());
    }
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    found.forEach(each -> json.add(toJson(each.run(), each.status())));
    console.json(json);
    return ExitCode.DONE;
  }

  @Command(name = "show", description = "Show a run.")
  int show(@Parameters(paramLabel = "RUN", description = "Its name or id.") String name) {
    RunRecord found = RunRegistry.at(runs).find(name);
    Console console = millrace.options.console(spec);
    console.line("run        " + found.run().displayName());
    console.line("state      " + found.status().state().displayName());
    found.status().message().ifPresent(message -> console.line("why        " + message));
    console.line("nodes      " + found.run().job().nodes());
    console.line("restarts   " + found.status().restarts());
    console.line("submitted  " + Console.time(found.status().created()));
    found.status().ended().ifPresent(end -> console.line("ended      " + Console.time(end)));
    console.line("directory  " + found.directory().root());
    console.json(toJson(found.run(), found.status()));
    return ExitCode.DONE;
  }

  @Command(name = "logs", description = "Print what the processes of a node wrote.")
  int logs(
      @Parameters(paramLabel = "RUN", description = "Its name or id.") String name,
      @Option(
              names = "--worker",
              paramLabel = "N",
              defaultValue = "0",
              description = "The node (default: 0).")
          int worker,
      @Option(names = "--follow", description = "Go on until the run is over.") boolean follow)
      throws IOException, InterruptedException {
    RunRecord found = RunRegistry.at(runs).find(name);
    Console console = new Console(spec.commandLine().getOut(), OutputFormat.TEXT);
    if (follow) {
      found.followLog(worker, console::line);
    } else {
      found.log(worker, console::line);
    }
    return ExitCode.DONE;
  }

  @Command(name = "events", description = "Print what happened to a run.")
  int events(@Parameters(paramLabel = "RUN", description = "Its name or id.") String name)
      throws IOException {
    List<RunEvent> events = RunRegistry.at(runs).find(name).events();
    Console console = millrace.options.console(spec);
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (RunEvent event : events) {
      console.line(Console.time(event.time()) + "  " + event.message());
      json.addObject()
          .put("time", event.time().toString())
          .put("type", event.type().name())
          .put("node", event.node())
          .put("message", event.message());
    }
    console.json(json);
    return ExitCode.DONE;
  }

  @Command(
      name = "stop",
      description = "Ask a run to end: its processes get SIGTERM, after the grace SIGKILL.")
  int stop(@Parameters(paramLabel = "RUN", description = "Its name or id.") String name)
      throws IOException {
    RunRecord found = RunRegistry.at(runs).find(name);
    found.requestStop();
    millrace.options.console(spec).line("Asked %s to stop".formatted(found.run().displayName()));
    return ExitCode.DONE;
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

  private static ObjectNode toJson(TrainingRun run, RunStatus status) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("run", run.displayName())
            .put("id", run.id().value())
            .put("job", run.job().name())
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
