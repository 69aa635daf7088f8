package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.watch.RunEvent;
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

/** The command {@code millrace train events}. */
@Command(name = "events", description = "Print what happened to a run.")
final class TrainEventsCommand implements Callable<Integer> {
  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its name or id.")
  String name;

  @Option(
      names = "--follow",
      description = "Go on until the run is over; with -o json one event a line.")
  boolean follow;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunRecord run = RunRegistry.at(train.runs).find(name);
    Console console = train.millrace.options.console(spec);
    if (follow) {
      run.followEvents(
          event -> {
            console.line(words(event));
            console.jsonLine(toJson(event));
          });
      return ExitCode.DONE;
    }
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (RunEvent event : run.events()) {
      console.line(words(event));
      json.add(toJson(event));
    }
    console.json(json);
    return ExitCode.DONE;
  }

  private static String words(RunEvent event) {
    return Console.time(event.time()) + "  " + event.message();
  }

  private static ObjectNode toJson(RunEvent event) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("time", event.time().toString())
        .put("type", event.type().name())
        .put("node", event.node())
        .put("message", event.message());
  }
}
