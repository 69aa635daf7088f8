package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.experiment.Experiments;
import io.millrace.training.experiment.Experiments.Experiment;
import io.millrace.training.experiment.MetricOrder;
import io.millrace.training.experiment.RunComparison;
import io.millrace.training.experiment.RunFacts;
import io.millrace.training.watch.RunRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train experiments}. */
@Command(name = "experiments", description = "List experiments with their runs.")
final class TrainExperimentsCommand implements Callable<Integer> {
  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Option(
      names = "--best",
      paramLabel = "METRIC[:asc|desc]",
      converter = MetricOrderConverter.class,
      description = "Show the run with the smallest (default) or largest value of this metric.")
  MetricOrder best;

  @Override
  public Integer call() {
    Instant now = Instant.now();
    List<RunFacts> runs =
        RunRegistry.at(train.runs).list().stream().map(run -> RunFacts.of(run, now)).toList();
    Console console = train.millrace.options.console(spec);
    List<Experiment> experiments = Experiments.of(runs);
    if (experiments.isEmpty()) {
      console.line(
          "No experiments in %s: none of its %d runs belongs to one"
              .formatted(train.runs, runs.size()));
      console.json(JsonNodeFactory.instance.arrayNode());
    } else {
      print(experiments, Optional.ofNullable(best), console);
    }
    return ExitCode.DONE;
  }

  static void print(List<Experiment> experiments, Optional<MetricOrder> order, Console console) {
    List<String> header = new ArrayList<>(List.of("EXPERIMENT", "RUNS", "STATES", "LATEST"));
    order.ifPresent(by -> header.addAll(List.of("BEST", by.metric())));
    List<List<String>> rows = new ArrayList<>();
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Experiment each : experiments) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  each.name(),
                  Integer.toString(each.runs().size()),
                  states(each),
                  Console.time(each.latest())));
      ObjectNode node =
          json.addObject().put("experiment", each.name()).put("latest", each.latest().toString());
      ArrayNode runs = node.putArray("runs");
      each.runs().forEach(run -> runs.add(run.run()));
      ObjectNode states = node.putObject("states");
      each.states().forEach((state, count) -> states.put(state.displayName(), count));
      order.ifPresent(
          by -> {
            Optional<RunFacts> first = each.best(by);
            row.add(first.map(RunFacts::run).orElse("-"));
            row.add(
                first
                    .map(run -> RunComparison.forPeople(run.metrics().get(by.metric())))
                    .orElse("-"));
            node.put("best", first.map(RunFacts::run).orElse(null));
            node.put("best_value", first.map(run -> run.metrics().get(by.metric())).orElse(null));
          });
      rows.add(row);
    }
    console.table(header, rows);
    console.json(json);
  }

  private static String states(Experiment experiment) {
    return experiment.states().entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey().displayName())
        .collect(Collectors.joining(", "));
  }
}
