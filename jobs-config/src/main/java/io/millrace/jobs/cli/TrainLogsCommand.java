package io.millrace.jobs.cli;

import io.millrace.jobs.training.RunLogs;
import io.millrace.jobs.training.RunLogs.Log;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRecord.Reading;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train logs}. */
@Command(
    name = "logs",
    description =
        "Print what the processes of a run wrote; lines of several logs begin with the log's name.")
final class TrainLogsCommand implements Callable<Integer> {
  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its name or id.")
  String name;

  @Option(
      names = "--worker",
      split = ",",
      paramLabel = "N",
      description = "All of a node (default: of node 0). May be repeated.")
  List<Integer> workers = List.of();

  @Option(names = "--all", description = "Of every node.")
  boolean all;

  @Option(
      names = "--rank",
      split = ",",
      paramLabel = "R",
      description = "One process alone, byte for byte. May be repeated.")
  List<Integer> ranks = List.of();

  @Option(names = "--follow", description = "Go on until the run is over.")
  boolean follow;

  @Option(
      names = "--grep",
      paramLabel = "REGEX",
      description = "Only lines in which this regular expression is found.")
  String grep;

  @Option(
      names = "--tail",
      paramLabel = "N",
      description = "Of each log the last N lines that are there, of those that --grep finds.")
  Integer tail;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (train.millrace.options.format != OutputFormat.TEXT) {
      throw wrong(
          "Invalid output format of millrace train logs: json (expected text; logs are it)");
    }
    if (all && !workers.isEmpty()) {
      throw wrong("Invalid options: --all and --worker (give one of them)");
    }
    RunLogs logs =
        new RunLogs(
            follow ? Reading.TO_THE_END : Reading.SO_FAR,
            Optional.ofNullable(grep).map(this::compiled),
            tail == null ? OptionalInt.empty() : OptionalInt.of(tail));
    RunRecord found = RunRegistry.at(train.runs).find(name);
    Console console = train.millrace.options.console(spec);
    logs.print(chosen(found), console::line);
    return ExitCode.DONE;
  }

  private List<Log> chosen(RunRecord run) {
    List<Log> chosen = new ArrayList<>();
    IntStream nodes =
        all
            ? IntStream.range(0, run.run().job().nodes())
            : workers.stream().mapToInt(Integer::intValue).distinct();
    nodes.forEach(node -> chosen.add(Log.ofWorker(run, node)));
    ranks.stream().distinct().forEach(rank -> chosen.add(Log.ofRank(run, rank)));
    return chosen.isEmpty() ? List.of(Log.ofWorker(run, 0)) : chosen;
  }

  private Pattern compiled(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw wrong(
          "Invalid grep: '%s' is no regular expression, %s at character %d"
              .formatted(expression, e.getDescription(), e.getIndex() + 1));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
