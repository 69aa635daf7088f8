package io.millrace.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.analysis.distribution.Distribution;
import io.millrace.analysis.distribution.Histogram;
import io.millrace.analysis.distribution.Summary;
import io.millrace.dataset.Shape.BoundingBox;
import java.util.List;
import java.util.SortedMap;

/** The JSON form of an {@link AnalysisReport}; keys are in snake case as in job files. */
final class AnalysisReportJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private AnalysisReportJson() {}

  static String toText(AnalysisReport report) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(toNode(report));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of nodes always has a JSON text", e);
    }
  }

  private static ObjectNode toNode(AnalysisReport report) {
    ObjectNode node = NODES.objectNode();
    node.put("dataset", report.dataset().value());
    node.put("task_type", report.taskType().name());
    node.put("analysed_at", report.analysedAt().toString());
    ObjectNode bins = node.putObject("bins");
    report
        .bins()
        .forEach(
            (metric, shared) ->
                bins.putObject(metric.id())
                    .put("start", shared.start())
                    .put("width", shared.width())
                    .put("count", shared.count()));
    ArrayNode versions = node.putArray("versions");
    report.versions().forEach(version -> versions.add(versionNode(version)));
    ArrayNode findings = node.putArray("findings");
    report.findings().forEach(finding -> findings.add(findingNode(finding)));
    return node;
  }

  private static ObjectNode versionNode(VersionAnalysis version) {
    ObjectNode node = NODES.objectNode();
    node.put("version", version.version().value());
    node.put("samples", version.samples());
    node.put("taken", version.taken());
    node.put("measured", version.measured());
    node.set("unreadable", countsNode(version.unreadable()));
    ArrayNode unreadable = node.putArray("unreadable_samples");
    version
        .unreadableSamples()
        .forEach(
            sample ->
                unreadable
                    .addObject()
                    .put("id", sample.id().value())
                    .put("source", sample.source().toString())
                    .put("reason", sample.reason().id()));
    ObjectNode images = node.putObject("images");
    version.images().forEach((view, count) -> images.put(view.id(), count));
    ObjectNode labels = node.putObject("labels");
    version.labels().forEach((view, counts) -> labels.set(view.id(), countsNode(counts)));
    node.put("boxes", version.boxes());
    node.put("boxes_without_pixels", version.boxesWithoutPixels());
    ObjectNode metrics = node.putObject("metrics");
    version
        .distributions()
        .forEach(
            (metric, views) -> {
              ObjectNode byView = metrics.putObject(metric.id());
              views.forEach(
                  (view, distribution) -> byView.set(view.id(), distributionNode(distribution)));
            });
    ObjectNode extremes = node.putObject("extremes");
    version
        .extremes()
        .forEach(
            (metric, ends) -> {
              ObjectNode both = extremes.putObject(metric.id());
              both.set("low", extremesNode(ends.low()));
              both.set("high", extremesNode(ends.high()));
            });
    node.put("seconds", version.took().toMillis() / 1000.0);
    node.put("images_per_second", Math.round(version.imagesPerSecond() * 10) / 10.0);
    return node;
  }

  private static ObjectNode distributionNode(Distribution distribution) {
    Summary summary = distribution.summary();
    ObjectNode node = NODES.objectNode();
    node.put("count", summary.count());
    node.put("min", summary.min());
    node.put("q1", summary.lowerQuartile());
    node.put("median", summary.median());
    node.put("q3", summary.upperQuartile());
    node.put("max", summary.max());
    node.put("mean", summary.mean());
    node.put("std", summary.deviation());
    node.put("outliers_low", summary.lowOutliers());
    node.put("outliers_high", summary.highOutliers());
    Histogram histogram = distribution.histogram();
    ObjectNode bins = node.putObject("histogram");
    bins.put("below", histogram.below());
    ArrayNode counts = bins.putArray("counts");
    histogram.counts().forEach(counts::add);
    bins.put("above", histogram.above());
    return node;
  }

  private static ArrayNode extremesNode(List<Extreme> extremes) {
    ArrayNode array = NODES.arrayNode();
    for (Extreme extreme : extremes) {
      ObjectNode node = array.addObject();
      node.put("id", extreme.id().value());
      node.put("source", extreme.source().toString());
      node.put("value", extreme.value());
      extreme.box().ifPresent(box -> node.set("box", boxNode(box)));
    }
    return array;
  }

  private static ArrayNode boxNode(BoundingBox box) {
    return NODES.arrayNode().add(box.xMin()).add(box.yMin()).add(box.xMax()).add(box.yMax());
  }

  private static ObjectNode findingNode(Finding finding) {
    ObjectNode node = NODES.objectNode();
    node.put("severity", finding.severity().name());
    node.put("id", finding.id());
    node.put("version", finding.version().value());
    finding.metric().ifPresent(metric -> node.put("metric", metric.id()));
    node.put("count", finding.count());
    node.put("text", finding.text().english());
    node.put("text_zh", finding.text().chinese());
    return node;
  }

  private static ObjectNode countsNode(SortedMap<String, Long> counts) {
    ObjectNode node = NODES.objectNode();
    counts.forEach(node::put);
    return node;
  }
}
