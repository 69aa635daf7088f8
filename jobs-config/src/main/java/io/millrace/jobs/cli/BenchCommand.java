package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.jobs.bench.BenchConfig;
import io.millrace.jobs.bench.BenchRow;
import io.millrace.jobs.bench.Benchmark;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace bench}. */
@Command(
    name = "bench",
    description = "Measure Millrace against named alternatives, in turn, on this machine.")
final class BenchCommand implements Callable<Integer> {
  @ParentCommand MillraceCommand millrace;
  @Spec CommandSpec spec;
  @Mixin SparkOptions spark;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The benchmark: ingest, versions or train.")
  Benchmark benchmark;

  @Option(
      names = "--scale",
      paramLabel = "FRACTION",
      description = "Of the full size, for a quick look; goals are of the full size (default: 1).")
  double scale = 1;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Runs of each contestant; the median counts (default: ${DEFAULT-VALUE}).")
  int rounds = 5;

  @Option(
      names = "--warm-ups",
      paramLabel = "N",
      description = "Runs of each before that, which do not count (default: ${DEFAULT-VALUE}).")
  int warmUps = 2;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the generated data (default: ${DEFAULT-VALUE}).")
  long seed = 1;

  @Option(
      names = "--only",
      paramLabel = "ROW",
      split = ",",
      description = "Measure these rows alone.")
  Set<String> only = Set.of();

  @Override
  public Integer call() {
    BenchConfig config =
        new BenchConfig(scale, rounds, warmUps, seed, spark.threads, only, cache());
    Console console = millrace.options.console(spec);
    List<BenchRow> rows = benchmark.run(config, what -> console.line(what + " ..."));
    if (scale < 1) {
      console.line("Sizes are %s of the full ones, of which the goals are.".formatted(scale));
    }
    console.table(BenchRow.HEADER, rows.stream().map(BenchRow::cells).toList());
    console.json(json(rows));
    return ExitCode.DONE;
  }

  private ObjectNode json(List<BenchRow> rows) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("benchmark", benchmark.toString());
    json.put("scale", scale);
    json.put("processors", Runtime.getRuntime().availableProcessors());
    ArrayNode array = json.putArray("rows");
    rows.forEach(row -> array.add(row.toJson()));
    return json;
  }

  /** By the XDG base directory specification. */
  private static Path cache() {
    String named = System.getenv("XDG_CACHE_HOME");
    Path base =
        named == null || named.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(named);
    return base.resolve("millrace").resolve("bench");
  }
}
