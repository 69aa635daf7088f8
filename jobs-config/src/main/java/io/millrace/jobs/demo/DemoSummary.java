package io.millrace.jobs.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.analysis.AnalysisReport;
import io.millrace.analysis.VersionAnalysis;
import io.millrace.analysis.distribution.Summary;
import io.millrace.analysis.distribution.View;
import io.millrace.analysis.grouping.GroupingReport;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.inference.BatchReport;
import io.millrace.ingestion.ImportReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a demo did, step by step, as it stands in {@code summary.json}. */
final class DemoSummary {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root = JsonNodeFactory.instance.objectNode();
  private String quality = "";

  void add(ImportReport report) {
    root.put("seen", report.seen());
    root.put("imported", report.imported());
    root.put("updated", report.updated());
    root.put("unchanged", report.unchanged());
    ObjectNode rejected = root.putObject("rejected");
    report.rejections().forEach((reason, count) -> rejected.put(reason.code(), count));
  }

  void add(DatasetVersion version) {
    root.put("version", version.name().value());
    root.put("manifest", version.manifest().value());
    ObjectNode parts = root.putObject("parts");
    version.parts().forEach(parts::put);
  }

  /** Of each metric over the whole version: how many values, and their mean, least and greatest. */
  void add(AnalysisReport report) {
    VersionAnalysis analysis = report.versions().get(0);
    ObjectNode metrics = root.putObject("metrics");
    analysis
        .distributions()
        .forEach(
            (metric, views) -> {
              Summary values = views.get(View.ALL).summary();
              metrics
                  .putObject(metric.id())
                  .put("count", values.count())
                  .put("mean", values.mean())
                  .put("min", values.min())
                  .put("max", values.max());
            });
  }

  /** The size of each group. */
  void add(GroupingReport report) {
    ObjectNode groups = root.putObject("groups");
    report.groups().forEach(group -> groups.put(group.name(), group.size()));
  }

  void add(TrainingResult result) {
    ObjectNode training = root.putObject("training");
    training.put("ran", result.ran());
    training.put("ranks", result.ranks());
    result.exitCode().ifPresent(code -> training.put("exit_code", code));
    training.put("seconds", result.seconds());
    training.put("message", result.message());
  }

  void add(BatchReport report) {
    root.putObject("batch")
        .put("inputs", report.inputs())
        .put("successful", report.successful())
        .put("failed", report.failed())
        .put("images_per_second", report.imagesPerSecond());
    report
        .evaluation()
        .ifPresent(
            evaluation -> {
              evaluation.addTo(root.putObject("evaluation"));
              quality = evaluation.toLine();
            });
  }

  void addSeconds(double seconds) {
    root.put("seconds", Math.round(seconds * 10) / 10.0);
  }

  JsonNode toJson() {
    return root;
  }

  void write(Path file) throws IOException {
    try {
      Files.writeString(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of JSON nodes can always be written", e);
    }
  }

  /** The figures of the summary that fit on one line each. */
  String toText() {
    JsonNode batch = root.path("batch");
    List<String> lines = new ArrayList<>();
    lines.add(
        line(
            "inputs",
            "%d seen: %d imported, %d unchanged, %d rejected (%s)",
            root.path("seen").asLong(),
            root.path("imported").asLong(),
            root.path("unchanged").asLong(),
            sum(root.path("rejected")),
            counts(root.path("rejected"))));
    lines.add(line("version", "%s: %s", root.path("version").asText(), counts(root.path("parts"))));
    lines.add(line("metrics", "%d, in the report", root.path("metrics").size()));
    lines.add(line("groups", "%d: %s", root.path("groups").size(), sizes(root.path("groups"))));
    lines.add(line("training", "%s", root.path("training").path("message").asText()));
    lines.add(
        batch.isMissingNode()
            ? line("batch", "not run")
            : line(
                "batch",
                "%d inputs: %d successful, %d failed, %.0f images/s",
                batch.path("inputs").asLong(),
                batch.path("successful").asLong(),
                batch.path("failed").asLong(),
                batch.path("images_per_second").asDouble()));
    if (!quality.isEmpty()) {
      lines.add(line("quality", "%s", quality));
    }
    lines.add(line("time", "%.0f s", root.path("seconds").asDouble()));
    return String.join("\n", lines);
  }

  private static String line(String name, String template, Object... values) {
    return String.format(Locale.ROOT, "%-10s ", name)
        + String.format(Locale.ROOT, template, values);
  }

  private static long sum(JsonNode counts) {
    return counts.properties().stream().mapToLong(entry -> entry.getValue().asLong()).sum();
  }

  /** Such as {@code 119 EVAL, 477 TRAIN}; {@code none} for no counts. */
  private static String counts(JsonNode counts) {
    return counts.isEmpty()
        ? "none"
        : counts.properties().stream()
            .map(entry -> entry.getValue().asLong() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
  }

  private static String sizes(JsonNode groups) {
    return groups.properties().stream()
        .map(entry -> entry.getValue().asText())
        .collect(Collectors.joining(", ", "", " images"));
  }
}
