package io.millrace.jobs.cli;

import io.millrace.training.TrainingException;
import io.millrace.training.experiment.Experiments;
import io.millrace.training.experiment.MetricOrder;
import io.millrace.training.experiment.RunComparison;
import io.millrace.training.experiment.RunFacts;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train compare}. */
@Command(
    name = "compare",
    description =
        "Compare runs: what differs in their settings, and their final metrics. Prints CSV, too.")
final class TrainCompareCommand implements Callable<Integer>, CsvCommand {
  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "RUN", description = "Names or ids of runs.")
  List<String> names = List.of();

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "All runs of this experiment, instead of some by name.")
  String experiment;

  @Option(
      names = "--sort",
      paramLabel = "METRIC[:asc|desc]",
      converter = MetricOrderConverter.class,
      description =
          "Best first; runs without the metric come last (default: as named; runs of an experiment"
              + " the latest first).")
  MetricOrder sort;

  @Option(
      names = "--all-parameters",
      description = "Show parameters and inputs that are the same in all runs, too.")
  boolean allParameters;

  @Override
  public Integer call() {
    if (names.isEmpty() == (experiment == null)) {
      throw new ParameterException(
          spec.commandLine(), "Say which runs to compare: either RUN… or --experiment NAME.");
    }
    Instant now = Instant.now();
    RunRegistry registry = RunRegistry.at(train.runs);
    List<RunFacts> found =
        experiment == null
            ? names.stream().map(registry::find).distinct().map(run -> facts(run, now)).toList()
            : ofExperiment(registry.list().stream().map(run -> facts(run, now)).toList());
    RunComparison comparison =
        new RunComparison(
            Optional.ofNullable(sort).map(order -> order.sorted(found)).orElse(found),
            allParameters ? RunComparison.Parameters.ALL : RunComparison.Parameters.DIFFERING);
    print(comparison);
    return ExitCode.DONE;
  }

  private static RunFacts facts(RunRecord run, Instant now) {
    return RunFacts.of(run, now);
  }

  private List<RunFacts> ofExperiment(List<RunFacts> all) {
    List<Experiments.Experiment> experiments = Experiments.of(all);
    return experiments.stream()
        .filter(each -> each.name().equals(experiment))
        .findFirst()
        .map(Experiments.Experiment::runs)
        .orElseThrow(
            () ->
                new TrainingException(
                    "Cannot find experiment '%s' in %s: %s."
                        .formatted(
                            experiment,
                            train.runs,
                            experiments.isEmpty()
                                ? "no run belongs to one"
                                : experiments.stream()
                                    .map(Experiments.Experiment::name)
                                    .collect(Collectors.joining(", ", "there are ", "")))));
  }

  private void print(RunComparison comparison) {
    if (train.millrace.options.format == OutputFormat.CSV) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(comparison.toCsv());
      out.flush();
      PrintWriter err = spec.commandLine().getErr();
      comparison
          .runs()
          .forEach(run -> run.problems().forEach(each -> err.println(told(run, each))));
      err.flush();
      return;
    }
    Console console = train.millrace.options.console(spec);
    console.table(comparison.header(), comparison.rows());
    comparison.runs().forEach(run -> run.problems().forEach(each -> console.line(told(run, each))));
    console.json(comparison.toJson());
  }

  private static String told(RunFacts run, String problem) {
    return run.run() + ": " + problem;
  }
}
