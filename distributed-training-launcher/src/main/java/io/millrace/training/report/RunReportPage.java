package io.millrace.training.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.Algorithm;
import io.millrace.training.DataAccess;
import io.millrace.training.Rank;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingRun;
import io.millrace.training.experiment.RunComparison;
import io.millrace.training.experiment.RunFacts;
import io.millrace.training.metrics.Metric;
import io.millrace.training.metrics.Metric.Chart;
import io.millrace.training.metrics.Metric.Labels;
import io.millrace.training.metrics.Metric.Numbers;
import io.millrace.training.metrics.Metric.Table;
import io.millrace.training.metrics.Metric.Value;
import io.millrace.training.metrics.RunMetrics.Named;
import io.millrace.training.watch.RunEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A run as one HTML page that needs no network: data, style, script and the chart library are
 * inside.
 *
 * <p>No text of the data becomes markup: all of it travels as JSON and is set as text by the
 * script.
 */
public final class RunReportPage {
  /** The page must stay small, however long a run was; the event file has all. */
  private static final int MOST_EVENTS = 1000;

  private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.4.9/";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RunReportPage() {}

  /** The page. */
  public static String render(RunReport report) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("style", resource("/io/millrace/training/report/page.css"));
    parts.put("chart-licence", resource(CHARTS + "LICENSE.md"));
    parts.put("chart-library", withoutSourceMap(resource(CHARTS + "dist/chart.umd.js")));
    parts.put("script", resource("/io/millrace/training/report/page.js"));
    parts.put("data", data(report));
    return filled(resource("/io/millrace/training/report/page.html"), parts);
  }

  /** One pass over the template, so that a place's name within a part stays as it is. */
  private static String filled(String template, Map<String, String> parts) {
    StringBuilder page = new StringBuilder();
    int position = 0;
    for (int open = template.indexOf("{{"); open >= 0; open = template.indexOf("{{", position)) {
      int close = template.indexOf("}}", open);
      String part = parts.get(template.substring(open + 2, close));
      if (part == null) {
        throw new IllegalStateException(
            "The page's template names an unknown part: " + template.substring(open, close + 2));
      }
      page.append(template, position, open).append(part);
      position = close + 2;
    }
    return page.append(template, position, template.length()).toString();
  }

  private static String data(RunReport report) {
    TrainingRun run = report.record().run();
    ObjectNode node = MAPPER.createObjectNode();
    node.put("run", run.displayName());
    node.put("made", report.made().toString());
    node.put("description", run.job().description());
    report.experiment().ifPresent(name -> node.put("experiment", name));
    addStatus(node, report);
    addSettings(node, run.job());
    addContract(node, run);
    ArrayNode metrics = node.putArray("metrics");
    report.metrics().named().forEach(each -> addMetric(metrics.addObject(), each));
    ArrayNode problems = node.putArray("metric_problems");
    report.metrics().problems().forEach(problems::add);
    UtilisationJson.add(node.putObject("utilisation"), report);
    addEvents(node, report.events());
    try {
      return withoutMarkup(MAPPER.writeValueAsString(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of JSON nodes can always be written", e);
    }
  }

  private static void addStatus(ObjectNode node, RunReport report) {
    RunStatus status = report.record().status();
    node.put("state", status.state().displayName());
    node.put("created", status.created().toString());
    status.started().ifPresent(time -> node.put("started", time.toString()));
    status.ended().ifPresent(time -> node.put("ended", time.toString()));
    RunFacts.duration(status, report.made())
        .ifPresent(time -> node.put("duration", RunComparison.forPeople(time)));
    node.put("restarts", status.restarts());
    status.exitCode().ifPresent(code -> node.put("exit_code", code));
    List<Rank> ranks = Rank.ofScript(report.record().run().job());
    status.failedRank().ifPresent(rank -> node.put("failed_rank", ranks.get(rank).toString()));
    List<String> diagnosis =
        report.events().stream()
            .filter(event -> event.type() == RunEvent.Type.DIAGNOSED)
            .map(RunEvent::message)
            .toList();
    // The likeliest diagnosis is a part of the message, too.
    status
        .message()
        .map(why -> diagnosis.stream().reduce(why, (text, each) -> text.replace(each, "")).strip())
        .filter(why -> !why.isEmpty())
        .ifPresent(why -> node.put("message", why));
    ArrayNode told = node.putArray("diagnosis");
    diagnosis.stream().distinct().forEach(told::add);
  }

  private static void addSettings(ObjectNode node, TrainingJob job) {
    ArrayNode parameters = node.putArray("parameters");
    job.parameters()
        .forEach(each -> each.value().ifPresent(value -> addPair(parameters, each.name(), value)));
    ArrayNode inputs = node.putArray("inputs");
    job.inputs()
        .forEach(
            each -> {
              ObjectNode input =
                  inputs
                      .addObject()
                      .put("name", each.name())
                      .put("location", each.location().toString());
              each.version().ifPresent(version -> input.put("version", version.toString()));
            });
    ArrayNode outputs = node.putArray("outputs");
    job.outputs()
        .forEach(
            each ->
                outputs
                    .addObject()
                    .put("name", each.name())
                    .put("location", each.location().toString()));
    ArrayNode environment = node.putArray("environment");
    job.environment().forEach((name, value) -> addPair(environment, name, value));
  }

  private static void addContract(ObjectNode node, TrainingRun run) {
    TrainingJob job = run.job();
    List<Rank> ranks = Rank.of(job);
    node.put("nodes", job.nodes());
    node.put(
        "processes",
        "%d %s, %d %s a node"
            .formatted(
                ranks.size(),
                ranks.size() == 1 ? "process" : "processes",
                job.devicesPerNode(),
                job.devicesPerNode() == 1 ? "device" : "devices"));
    List<String> arguments = new ArrayList<>();
    job.parameters().forEach(each -> arguments.add("--" + each.name()));
    job.inputs().stream()
        .filter(each -> each.access() == DataAccess.ARGUMENT)
        .forEach(each -> arguments.add("--" + each.name()));
    job.outputs().stream()
        .filter(each -> each.access() == DataAccess.ARGUMENT)
        .forEach(each -> arguments.add("--" + each.name()));
    if (job.passesInitMethod()) {
      arguments.addAll(List.of("--init_method", "--world_size", "--rank"));
    }
    ArrayNode contract = node.putArray("contract");
    if (job.algorithm() instanceof Algorithm.BootFile boot) {
      addPair(contract, "Code", boot.directory().toString());
      addPair(contract, "Boot file", boot.file());
    } else if (job.algorithm() instanceof Algorithm.UserCommand user) {
      addPair(contract, "Command", user.command());
    }
    addPair(contract, "Framework", words(job.framework()));
    addPair(contract, "Layout", job.layout().displayName());
    addPair(contract, "World size", Integer.toString(ranks.size()));
    addPair(contract, "Arguments", String.join(" ", arguments));
    addPair(contract, "MA_VJ_NAME", run.clusterName());
    addPair(contract, "MA_NUM_HOSTS", Integer.toString(job.nodes()));
    addPair(contract, "MA_NUM_GPUS", Integer.toString(job.devicesPerNode()));
    addPair(contract, "Retries", Integer.toString(job.retries()));
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static void addPair(ArrayNode list, String name, String value) {
    list.addObject().put("name", name).put("value", value);
  }

  private static void addMetric(ObjectNode node, Named named) {
    Metric metric = named.metric();
    node.put("name", named.name());
    node.put("title", metric.title());
    if (metric instanceof Value value) {
      node.put("kind", "value").put("value", value.value());
    } else if (metric instanceof Chart chart) {
      node.put(
          "kind",
          switch (chart.style()) {
            case LINE -> "line";
            case HISTOGRAM -> "histogram";
          });
      addLabels(node.putObject("x"), chart.x());
      ArrayNode curves = node.putArray("y");
      for (Numbers each : chart.y()) {
        ArrayNode values = curves.addObject().put("title", each.title()).putArray("values");
        each.values().forEach(values::add);
      }
    } else if (metric instanceof Table table) {
      node.put("kind", "table");
      addLabels(node.putObject("columns"), table.columns());
      addLabels(node.putObject("rows"), table.rows());
      ArrayNode cells = node.putArray("cells");
      for (List<String> row : table.cells()) {
        ArrayNode array = cells.addArray();
        row.forEach(array::add);
      }
    }
  }

  private static void addLabels(ObjectNode node, Labels labels) {
    ArrayNode values = node.put("title", labels.title()).putArray("values");
    labels.values().forEach(values::add);
  }

  private static void addEvents(ObjectNode node, List<RunEvent> events) {
    List<RunEvent> last = events.subList(Math.max(0, events.size() - MOST_EVENTS), events.size());
    node.put("events_left_out", events.size() - last.size());
    ArrayNode list = node.putArray("events");
    for (RunEvent event : last) {
      String prefix = "[" + event.node() + "] ";
      list.addObject()
          .put("time", event.time().toString())
          .put("type", event.type().name())
          .put("node", event.node())
          .put(
              "message",
              event.message().startsWith(prefix)
                  ? event.message().substring(prefix.length())
                  : event.message());
    }
  }

  /** JSON without a character that could end or open an element; its value is the same. */
  private static String withoutMarkup(String json) {
    return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
  }

  private static String withoutSourceMap(String script) {
    int comment = script.lastIndexOf("//# sourceMappingURL");
    return comment < 0 ? script : script.substring(0, comment);
  }

  private static String resource(String path) {
    try (InputStream stream = RunReportPage.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException("Missing on the class path: " + path);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + " from the class path", e);
    }
  }
}
