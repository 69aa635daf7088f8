package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.training.RunState;
import io.millrace.training.watch.RunEvent;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train list}. */
@Command(name = "list", description = "List runs, the latest first.")
final class TrainListCommand implements Callable<Integer> {
  private static final String NONE = "-";
  private static final Pattern LOW = Pattern.compile("Low utilisation: (.+?) on average, .*");

  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Option(
      names = "--state",
      split = ",",
      paramLabel = "STATE",
      description = "Only runs in one of these states: ${COMPLETION-CANDIDATES}.")
  Set<RunState> states = EnumSet.allOf(RunState.class);

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Only runs of this experiment.")
  String experiment;

  @Option(names = "--job", paramLabel = "NAME", description = "Only runs of the job of this name.")
  String job;

  @Override
  public Integer call() throws IOException {
    List<RunRecord> all = RunRegistry.at(train.runs).list();
    List<RunRecord> found = all.stream().filter(this::isWanted).toList();
    Console console = train.millrace.options.console(spec);
    List<List<String>> rows = new ArrayList<>();
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (RunRecord each : found) {
      Optional<String> low = lowUtilisation(each);
      rows.add(row(each, low));
      json.add(
          TrainCommand.toJson(each.run(), each.status()).put("low_utilisation", low.orElse(null)));
    }
    if (found.isEmpty()) {
      console.line(
          all.isEmpty()
              ? "No training runs in " + train.runs
              : "None of the %d training runs in %s is of that kind"
                  .formatted(all.size(), train.runs));
    } else {
      console.table(
          List.of(
              "RUN",
              "STATE",
              "NODES",
              "EXIT",
              "RESTARTS",
              "SUBMITTED",
              "EXPERIMENT",
              "LOW UTILISATION"),
          rows);
    }
    console.json(json);
    return ExitCode.DONE;
  }

  private boolean isWanted(RunRecord run) {
    return states.contains(run.status().state())
        && (experiment == null
            || run.run().job().experiment().filter(experiment::equals).isPresent())
        && (job == null || run.run().job().name().equals(job));
  }

  private static List<String> row(RunRecord run, Optional<String> low) {
    return List.of(
        run.run().displayName(),
        run.status().state().displayName(),
        Integer.toString(run.run().job().nodes()),
        run.status().exitCode().isPresent()
            ? Integer.toString(run.status().exitCode().getAsInt())
            : NONE,
        Integer.toString(run.status().restarts()),
        Console.time(run.status().created()),
        run.run().job().experiment().orElse(NONE),
        low.orElse(NONE));
  }

  /** As the run's warning has it: {@code 34.8 % of worker-0's GPU 1}. */
  private static Optional<String> lowUtilisation(RunRecord run) throws IOException {
    return run.events().stream()
        .filter(event -> event.type() == RunEvent.Type.UTILISATION_LOW)
        .map(event -> LOW.matcher(event.message()))
        .filter(Matcher::matches)
        .map(low -> low.group(1))
        .reduce((first, second) -> second);
  }
}
