package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.jobs.training.LogFollower;
import io.millrace.training.OutputPreparation;
import io.millrace.training.ProcessLayout;
import io.millrace.training.RunHandle;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingOutput;
import io.millrace.training.TrainingRun;
import io.millrace.training.local.LocalLauncher;
import io.millrace.training.local.LocalSettings;
import io.millrace.training.local.PythonFinder;
import io.millrace.training.watch.RunEvent;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Command(
      name = "submit",
      description = "Start a job on this machine and wait for its end; Ctrl-C stops it.")
  int submit(
      @Option(names = "--name", required = true, paramLabel = "NAME") String name,
      @Option(
              names = "--code-dir",
              required = true,
              paramLabel = "DIR",
              description = "The code; each node gets a copy.")
          Path codeDirectory,
      @Option(
              names = "--boot-file",
              required = true,
              paramLabel = "FILE",
              description = "The Python file to run, relative to the code directory.")
          String bootFile,
      @Option(
              names = "--input",
              paramLabel = "NAME=DATA",
              description = "Data for the script as --NAME DIR: NAME@VERSION or a directory.")
          Map<String, String> inputs,
      @Option(
              names = "--output",
              paramLabel = "NAME=DIR",
              description =
                  "Where what the script writes to --NAME goes, every 5 s and at the end.")
          Map<String, StorageUri> outputs,
      @Option(
              names = "--resume",
              description = "Give the script what its outputs hold, a checkpoint say.")
          boolean resume,
      @Option(
              names = "--param",
              paramLabel = "NAME=VALUE",
              description = "A hyperparameter, passed as --NAME VALUE.")
          Map<String, String> parameters,
      @Option(
              names = "--env",
              paramLabel = "NAME=VALUE",
              description = "An environment variable of every process.")
          Map<String, String> environment,
      @Option(
              names = "--nodes",
              paramLabel = "N",
              defaultValue = "1",
              description = "How many nodes (default: 1).")
          int nodes,
      @Option(
              names = "--devices",
              paramLabel = "N",
              defaultValue = "1",
              description = "Devices a node (default: 1).")
          int devices,
      @Option(
              names = "--launch",
              paramLabel = "LAYOUT",
              defaultValue = "process_per_node",
              description =
                  "process_per_node passes --init_method, --world_size and --rank;"
                      + " process_per_device sets MASTER_ADDR, RANK and so on (default:"
                      + " process_per_node).")
          ProcessLayout layout,
      @Option(
              names = "--retries",
              paramLabel = "N",
              defaultValue = "0",
              description = "Start a failed run again so often, 0 to 3 (default: 0).")
          int retries,
      @Option(
              names = "--grace",
              paramLabel = "SECONDS",
              defaultValue = "30",
              description = "From SIGTERM to SIGKILL when a run is stopped (default: 30).")
          int graceSeconds,
      @Option(
              names = "--python",
              paramLabel = "FILE",
              description =
                  "The interpreter (default: the first of python3 on the PATH and"
                      + " /usr/bin/python3 that imports torch).")
          String python)
      throws IOException, InterruptedException {
    TrainingJob.Builder job =
        TrainingJob.builder(name, codeDirectory, bootFile)
            .nodes(nodes)
            .devicesPerNode(devices)
            .layout(layout)
            .retries(retries);
    given(inputs).forEach((input, data) -> job.input(() -> inputOf(input, data)));
    OutputPreparation preparation = resume ? OutputPreparation.DOWNLOADED : OutputPreparation.EMPTY;
    given(outputs)
        .forEach(
            (output, location) ->
                job.output(() -> new TrainingOutput(output, location, preparation)));
    given(parameters).forEach(job::parameter);
    given(environment).forEach(job::environment);
    LocalSettings settings =
        LocalSettings.of(
                runs,
                Optional.ofNullable(python)
                    .map(PythonFinder::preferring)
                    .orElseGet(PythonFinder::onThisMachine)
                    .find(List.of("torch"))
                    .require())
            .withGrace(Duration.ofSeconds(graceSeconds));
    RunHandle run =
        new LocalLauncher(settings, Clock.systemUTC()).launch(TrainingRun.of(job.build()));
    Console console = millrace.options.console(spec);
    console.line("Started " + run.run().displayName());
    LogFollower.awaitEnd(run, runs, console::line);
    return report(run.run(), run.status(), console);
  }

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

  private TrainingInput inputOf(String input, String data) {
    if (!References.isVersion(data)) {
      return TrainingInput.of(input, MillraceCommand.address(data));
    }
    DatasetRef ref = DatasetRef.parse(data);
    DatasetCatalog catalog = millrace.options.catalog();
    DatasetVersion version = catalog.history(ref.dataset()).resolve(ref);
    return TrainingInput.ofVersion(
        input,
        DatasetRef.of(ref.dataset(), version.name()),
        catalog.find(ref.dataset()).annotation(version.name()));
  }

  private static int report(TrainingRun run, RunStatus status, Console console) {
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

  /** The entries of an option that may not have been given at all. */
  private static <T> Map<String, T> given(Map<String, T> entries) {
    return entries == null ? Map.of() : entries;
  }
}
