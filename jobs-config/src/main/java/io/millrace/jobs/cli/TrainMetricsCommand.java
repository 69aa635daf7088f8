package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.experiment.RunComparison;
import io.millrace.training.metrics.Metric;
import io.millrace.training.metrics.Metric.Chart;
import io.millrace.training.metrics.Metric.Numbers;
import io.millrace.training.metrics.Metric.Table;
import io.millrace.training.metrics.Metric.Value;
import io.millrace.training.metrics.MetricsJson;
import io.millrace.training.metrics.RunMetrics;
import io.millrace.training.metrics.RunMetrics.Named;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train metrics}. */
@Command(
    name = "metrics",
    description = "Show what the script of a run wrote as metrics.json into its outputs.")
final class TrainMetricsCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NONE = "-";

  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its name or id.")
  String name;

  @Override
  public Integer call() throws IOException {
    RunRecord run = RunRegistry.at(train.runs).find(name);
    RunMetrics metrics = RunMetrics.of(run);
    Console console = train.millrace.options.console(spec);
    if (metrics.outputs().isEmpty()) {
      console.line(
          "No metrics of %s: its script wrote no metrics.json into an output"
              .formatted(run.run().displayName()));
    } else {
      print(metrics.named(), console);
    }
    metrics.problems().forEach(console::line);
    console.json(toJson(run, metrics));
    return ExitCode.DONE;
  }

  private static void print(List<Named> metrics, Console console) {
    List<List<String>> rows = new ArrayList<>();
    for (Named each : metrics) {
      if (each.metric() instanceof Value value) {
        String number = RunComparison.forPeople(value.value());
        rows.add(List.of(each.name(), "value", number, NONE, NONE, NONE));
      } else if (each.metric() instanceof Chart chart) {
        chart.y().forEach(curve -> rows.add(row(each.name(), chart, curve)));
      }
    }
    if (!rows.isEmpty()) {
      console.table(List.of("METRIC", "KIND", "LAST", "MIN", "MAX", "POINTS"), rows);
    }
    for (Named each : metrics) {
      if (each.metric() instanceof Table table) {
        console.line("");
        console.line(each.name());
        print(table, console);
      }
    }
  }

  private static List<String> row(String name, Chart chart, Numbers curve) {
    List<Double> values = curve.values();
    boolean several = chart.y().size() > 1;
    String last = values.isEmpty() ? NONE : RunComparison.forPeople(values.get(values.size() - 1));
    return List.of(
        several ? name + "/" + curve.title() : name,
        switch (chart.style()) {
          case LINE -> "line chart";
          case HISTOGRAM -> "histogram";
        },
        last,
        values.stream().min(Double::compare).map(RunComparison::forPeople).orElse(NONE),
        values.stream().max(Double::compare).map(RunComparison::forPeople).orElse(NONE),
        Integer.toString(values.size()));
  }

  private static void print(Table table, Console console) {
    List<String> header = new ArrayList<>();
    if (!table.isOneDimensional()) {
      header.add("");
    }
    header.addAll(table.columns().values());
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < table.cells().size(); i++) {
      List<String> row = new ArrayList<>();
      if (!table.isOneDimensional()) {
        row.add(table.rows().values().get(i));
      }
      row.addAll(table.cells().get(i));
      rows.add(row);
    }
    console.table(header, rows);
  }

  /** The metrics of each output in the format of {@code metrics.json}. */
  private static JsonNode toJson(RunRecord run, RunMetrics metrics) throws IOException {
    ObjectNode json = JSON.createObjectNode().put("run", run.run().displayName());
    ArrayNode outputs = json.putArray("outputs");
    for (RunMetrics.OfOutput each : metrics.outputs()) {
      List<Metric> ofOutput = each.metrics();
      outputs
          .addObject()
          .put("output", each.output())
          .set("metrics", JSON.readTree(MetricsJson.write(ofOutput)));
    }
    ArrayNode problems = json.putArray("problems");
    metrics.problems().forEach(problems::add);
    return json;
  }
}
