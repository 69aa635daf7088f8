package io.millrace.analysis.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.analysis.AnalysisReport;
import io.millrace.analysis.BilingualText;
import io.millrace.analysis.Extreme;
import io.millrace.analysis.Extremes;
import io.millrace.analysis.Metric;
import io.millrace.analysis.MetricText;
import io.millrace.analysis.VersionAnalysis;
import io.millrace.analysis.distribution.Summary;
import io.millrace.analysis.distribution.View;
import io.millrace.dataset.StorageUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A feature analysis as one HTML page that needs no network: data, style, script and the chart
 * library are inside. The page is written for reading in a browser, by mouse or keyboard, in light
 * or dark, in English or Chinese.
 *
 * <p>No text of the data becomes markup: all of it travels as JSON and is set as text by the
 * script.
 */
public final class HtmlReport {
  /** Metrics whose outliers are worth a picture; the page must stay small. */
  private static final List<Metric> PICTURED =
      List.of(
          Metric.BRIGHTNESS,
          Metric.CLARITY,
          Metric.SATURATION,
          Metric.BOX_COUNT,
          Metric.BOX_AREA_RATIO,
          Metric.BOX_CLARITY);

  private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.4.9/";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private HtmlReport() {}

  /**
   * The sources that the page can show a picture of: outliers of some metrics, in the versions'
   * order; at most {@code 12 * examples} for each version.
   */
  public static List<Extreme> pictured(AnalysisReport report) {
    Map<StorageUri, Extreme> bySource = new LinkedHashMap<>();
    for (VersionAnalysis version : report.versions()) {
      for (Metric metric : PICTURED) {
        outliers(version, metric)
            .forEach(extreme -> bySource.putIfAbsent(extreme.source(), extreme));
      }
    }
    return List.copyOf(bySource.values());
  }

  /**
   * The page.
   *
   * @param thumbnails of {@link #pictured} samples; where one is missing, its text stands alone
   */
  public static String render(AnalysisReport report, Collection<Thumbnail> thumbnails) {
    String template = resource("/io/millrace/analysis/report/page.html");
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("style", resource("/io/millrace/analysis/report/page.css"));
    parts.put("chart-licence", resource(CHARTS + "LICENSE.md"));
    parts.put("chart-library", withoutSourceMap(resource(CHARTS + "dist/chart.umd.js")));
    parts.put("script", resource("/io/millrace/analysis/report/page.js"));
    parts.put("data", data(report, thumbnails));
    return filled(template, parts);
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

  private static String data(AnalysisReport report, Collection<Thumbnail> thumbnails) {
    try {
      ObjectNode node = MAPPER.createObjectNode();
      node.set("report", MAPPER.readTree(report.toJson()));
      node.set("metrics", metricsNode(report));
      node.set("pictured", picturedNode(report));
      ObjectNode pictures = node.putObject("thumbnails");
      for (Thumbnail thumbnail : thumbnails) {
        pictures
            .putObject(thumbnail.id().value())
            .put("width", thumbnail.imageWidth())
            .put("height", thumbnail.imageHeight())
            .put("uri", thumbnail.dataUri());
      }
      return withoutMarkup(MAPPER.writeValueAsString(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report's own JSON is valid", e);
    }
  }

  private static ArrayNode metricsNode(AnalysisReport report) {
    ArrayNode metrics = MAPPER.createArrayNode();
    for (Metric metric : Metric.of(report.taskType())) {
      MetricText text = MetricText.of(metric);
      ObjectNode node = metrics.addObject();
      node.put("id", metric.id());
      node.put("unit", metric.unit());
      node.put("counts", metric.isCount());
      node.put("subject", metric.subject() == Metric.Subject.BOX ? "boxes" : "images");
      put(node, "title", text.title());
      put(node, "meaning", text.meaning());
      put(node, "low", text.low());
      put(node, "high", text.high());
    }
    return metrics;
  }

  private static ArrayNode picturedNode(AnalysisReport report) {
    ArrayNode groups = MAPPER.createArrayNode();
    for (VersionAnalysis version : report.versions()) {
      for (Metric metric : PICTURED) {
        Extremes outliers = outlierEnds(version, metric);
        addGroup(groups, version, metric, "low", outliers.low());
        addGroup(groups, version, metric, "high", outliers.high());
      }
    }
    return groups;
  }

  private static void addGroup(
      ArrayNode groups, VersionAnalysis version, Metric metric, String end, List<Extreme> items) {
    if (items.isEmpty()) {
      return;
    }
    ObjectNode group = groups.addObject();
    group.put("version", version.version().value());
    group.put("metric", metric.id());
    group.put("end", end);
    ArrayNode array = group.putArray("items");
    for (Extreme item : items) {
      ObjectNode node = array.addObject();
      node.put("id", item.id().value());
      node.put("name", item.source().fileName());
      node.put("source", item.source().toString());
      node.put("value", item.value());
      item.box()
          .ifPresent(
              box ->
                  node.putArray("box")
                      .add(box.xMin())
                      .add(box.yMin())
                      .add(box.xMax())
                      .add(box.yMax()));
    }
  }

  private static List<Extreme> outliers(VersionAnalysis version, Metric metric) {
    Extremes ends = outlierEnds(version, metric);
    return Stream.concat(ends.low().stream(), ends.high().stream()).toList();
  }

  /** The extremes that lie outside of Tukey's fences. */
  private static Extremes outlierEnds(VersionAnalysis version, Metric metric) {
    Extremes extremes = version.extremes().get(metric);
    if (extremes == null) {
      return new Extremes(List.of(), List.of());
    }
    Summary summary = version.distributions().get(metric).get(View.ALL).summary();
    return new Extremes(
        extremes.low().stream().filter(e -> e.value() < summary.lowerFence()).toList(),
        extremes.high().stream().filter(e -> e.value() > summary.upperFence()).toList());
  }

  private static void put(ObjectNode node, String name, BilingualText text) {
    node.putObject(name).put("en", text.english()).put("zh", text.chinese());
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
    try (InputStream stream = HtmlReport.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException("Missing on the class path: " + path);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + " from the class path", e);
    }
  }
}
