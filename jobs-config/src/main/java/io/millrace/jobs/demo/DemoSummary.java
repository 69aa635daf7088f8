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
import java.util.Locale;

/** What a demo did, step by step, as it stands in {@code summary.json}. */
final class DemoSummary {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root = JsonNodeFactory.instance.objectNode();

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
    report.evaluation().ifPresent(evaluation -> evaluation.addTo(root.putObject("evaluation")));
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
    StringBuilder text = new StringBuilder();
    line(
        text,
        "inputs",
        "%d seen, %d imported, %d unchanged, rejected %s",
        root.path("seen").asLong(),
        root.path("imported").asLong(),
        root.path("unchanged").asLong(),
        root.path("rejected"));
    line(text, "version", "%s %s", root.path("version").asText(), root.path("parts"));
    line(text, "metrics", "%d", root.path("metrics").size());
    line(text, "groups", "%s", root.path("groups"));
    line(text, "training", "%s", root.path("training").path("message").asText());
    JsonNode batch = root.path("batch");
    line(
        text,
        "batch",
        "%s",
        batch.isMissingNode()
            ? "not run"
            : batch.path("successful").asLong() + " of " + batch.path("inputs").asLong());
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String template, Object... values) {
    text.append(
        String.format(
            Locale.ROOT, "%-10s %s%n", name, String.format(Locale.ROOT, template, values)));
  }
}
