package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.jobs.training.LaunchRecord;
import io.millrace.training.Algorithm;
import io.millrace.training.Hyperparameter;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingJobJson;
import io.millrace.training.TrainingOutput;
import io.millrace.training.watch.RunEvent;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train show}. */
@Command(name = "show", description = "Show a run: its job, how it stands, and why it failed.")
final class TrainShowCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its name or id.")
  String name;

  private Console console;

  @Override
  public Integer call() throws IOException {
    RunRecord found = RunRegistry.at(train.runs).find(name);
    console = train.millrace.options.console(spec);
    Optional<LaunchRecord> launch = LaunchRecord.of(found.directory());
    List<String> diagnoses =
        found.events().stream()
            .filter(event -> event.type() == RunEvent.Type.DIAGNOSED)
            .map(RunEvent::message)
            .toList();
    line("run", found.run().displayName());
    printStatus(found.status());
    printJob(found.run().job());
    launch.ifPresent(each -> line("back end", words(each)));
    line("directory", found.directory().root().toString());
    String told = found.status().message().orElse("");
    for (String diagnosis : diagnoses) {
      if (!told.contains(firstLine(diagnosis))) {
        line("diagnosis", diagnosis);
      }
    }
    console.json(json(found, launch, diagnoses));
    return ExitCode.DONE;
  }

  private void printStatus(RunStatus status) {
    line("state", status.state().displayName());
    status.message().ifPresent(message -> line("why", message));
    if (status.exitCode().isPresent()) {
      line("exit code", Integer.toString(status.exitCode().getAsInt()));
    }
    line("restarts", Integer.toString(status.restarts()));
    line("submitted", Console.time(status.created()));
    status.started().ifPresent(start -> line("started", Console.time(start)));
    status.ended().ifPresent(end -> line("ended", Console.time(end)));
  }

  private void printJob(TrainingJob job) {
    if (!job.description().isEmpty()) {
      line("about", job.description());
    }
    job.experiment().ifPresent(experiment -> line("experiment", experiment));
    job.code().ifPresent(code -> line("code", code.toString()));
    if (job.algorithm() instanceof Algorithm.UserCommand user) {
      line("command", user.command());
    }
    job.bootFile().ifPresent(file -> line("boot file", file));
    job.algorithm().image().ifPresent(image -> line("image", image));
    line(
        "layout",
        "%s, %s, %d nodes of %d %s"
            .formatted(
                job.layout().displayName(),
                word(job.framework()),
                job.nodes(),
                job.devicesPerNode(),
                word(job.resources().deviceType())));
    for (TrainingInput input : job.inputs()) {
      String version = input.version().map(each -> each + " in ").orElse("");
      line("input", "%s: %s%s".formatted(input.name(), version, input.location()));
    }
    for (TrainingOutput output : job.outputs()) {
      line("output", "%s: %s".formatted(output.name(), output.location()));
    }
    if (!job.parameters().isEmpty()) {
      line(
          "parameters",
          job.parameters().stream().map(TrainShowCommand::words).collect(Collectors.joining(" ")));
    }
    line("retries", Integer.toString(job.retries()));
    job.autoStop().ifPresent(time -> line("auto-stop", time.toHours() + " h"));
    job.logs().location().ifPresent(location -> line("log-url", location.toString()));
    if (!job.notifications().isEmpty()) {
      line(
          "notifies",
          job.notifications().stream()
              .map(each -> each.url().getHost())
              .collect(Collectors.joining(", ", job.notifications().size() + " (", ")")));
    }
  }

  private static String words(Hyperparameter parameter) {
    return parameter.name() + parameter.value().map(value -> "=" + value).orElse("");
  }

  private static String words(LaunchRecord launch) {
    return launch.backend().word()
        + launch.options().entrySet().stream()
            .map(
                option ->
                    " --%s=%s".formatted(option.getKey(), String.join(",", option.getValue())))
            .collect(Collectors.joining());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private void line(String key, String value) {
    String indented = value.strip().replaceAll("\\R", System.lineSeparator() + " ".repeat(12));
    console.line("%-11s %s".formatted(key, indented));
  }

  private static ObjectNode json(
      RunRecord found, Optional<LaunchRecord> launch, List<String> diagnoses) throws IOException {
    ObjectNode json = TrainCommand.toJson(found.run(), found.status());
    json.put("directory", found.directory().root().toString());
    launch.ifPresent(
        each -> {
          json.put("backend", each.backend().word());
          json.set("backend_options", JSON.valueToTree(each.options()));
        });
    ArrayNode all = json.putArray("diagnoses");
    diagnoses.forEach(all::add);
    json.set("spec", JSON.readTree(TrainingJobJson.encode(found.run())));
    return json;
  }
}
