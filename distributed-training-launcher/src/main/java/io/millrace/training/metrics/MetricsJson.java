package io.millrace.training.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.metrics.Metric.Chart;
import io.millrace.training.metrics.Metric.Labels;
import io.millrace.training.metrics.Metric.Numbers;
import io.millrace.training.metrics.Metric.Table;
import io.millrace.training.metrics.Metric.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code metrics.json} as ModelArts reads it: a list of metrics, each {@code {"key", "title",
 * "type", "data"}}, of at most 1 MiB.
 *
 * <pre>
 * float                  data: {"value": 1.2}
 * line chart, histogram  data: {"x_axis": [{"title", "value": [1, 2]}], "y_axis": [{"title", "value": [0.5, 0.4]}]}
 * table                  data: {"cell_value": [[1, 2], [2, 3]], "col_labels": {"title", "value": [...]}, "row_labels": ...}
 * one-dimensional-table  data: {"cell_value": [[10, 2, 0.5]], "labels": ["samples", ...]}
 * </pre>
 *
 * A chart has one x axis and any number of y axes. A title that is missing is the key, or empty.
 * Unknown fields are passed over. {@code read(write(m))} gives {@code m}.
 */
public final class MetricsJson {
  /** ModelArts' limit of a file. */
  public static final int MAX_BYTES = 1 << 20;

  /** Python writes NaN and Infinity, which is no JSON: read here so that the field can be named. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9]\\d{0,17}");
  private static final String TYPES =
      "float, line chart, histogram, table or one-dimensional-table";

  private MetricsJson() {}

  /**
   * What a file holds.
   *
   * @param metrics those that are right
   * @param problems a phrase for each that is not, naming the field; or one for the whole file
   */
  public record Reading(List<Metric> metrics, List<String> problems) {
    public Reading {
      metrics = List.copyOf(metrics);
      problems = List.copyOf(problems);
    }
  }

  /** Reads a file's text; whatever it is, nothing is thrown. */
  public static Reading read(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return whole("it is larger than 1 MiB");
    }
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return whole(
          "it is no JSON: line %d, column %d: %s"
              .formatted(
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()));
    }
    if (!root.isArray()) {
      return whole("it is no JSON list of metrics");
    }
    List<Metric> metrics = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < root.size(); i++) {
      try {
        Metric metric = metric(new Field("[%d]".formatted(i), root.get(i)));
        if (!keys.add(metric.key())) {
          throw new Flaw("[%d].key: '%s' is there twice".formatted(i, metric.key()));
        }
        metrics.add(metric);
      } catch (Flaw e) {
        problems.add(e.getMessage());
      }
    }
    return new Reading(metrics, problems);
  }

  private static Reading whole(String problem) {
    return new Reading(List.of(), List.of(problem));
  }

  /** Metrics as a file's text. */
  public static String write(List<Metric> metrics) {
    ArrayNode root = JSON.createArrayNode();
    for (Metric metric : metrics) {
      ObjectNode node = root.addObject().put("key", metric.key()).put("title", metric.title());
      if (metric instanceof Value value) {
        node.put("type", "float").putObject("data").put("value", value.value());
      } else if (metric instanceof Chart chart) {
        writeChart(chart, node);
      } else if (metric instanceof Table table) {
        writeTable(table, node);
      }
    }
    return root.toPrettyString() + "\n";
  }

  private static void writeChart(Chart chart, ObjectNode node) {
    node.put(
        "type",
        switch (chart.style()) {
          case LINE -> "line chart";
          case HISTOGRAM -> "histogram";
        });
    ObjectNode data = node.putObject("data");
    writeLabels(chart.x(), data.putArray("x_axis").addObject());
    ArrayNode axes = data.putArray("y_axis");
    for (Numbers each : chart.y()) {
      ArrayNode values = axes.addObject().put("title", each.title()).putArray("value");
      each.values().forEach(values::add);
    }
  }

  private static void writeTable(Table table, ObjectNode node) {
    node.put("type", table.isOneDimensional() ? "one-dimensional-table" : "table");
    ObjectNode data = node.putObject("data");
    ArrayNode cells = data.putArray("cell_value");
    for (List<String> row : table.cells()) {
      ArrayNode array = cells.addArray();
      row.forEach(cell -> add(cell, array));
    }
    if (table.isOneDimensional()) {
      ArrayNode labels = data.putArray("labels");
      table.columns().values().forEach(labels::add);
    } else {
      writeLabels(table.columns(), data.putObject("col_labels"));
      writeLabels(table.rows(), data.putObject("row_labels"));
    }
  }

  private static void writeLabels(Labels labels, ObjectNode node) {
    ArrayNode values = node.put("title", labels.title()).putArray("value");
    labels.values().forEach(each -> add(each, values));
  }

  /** As a number where reading it gives the same text again. */
  private static void add(String text, ArrayNode array) {
    if (WHOLE_NUMBER.matcher(text).matches()) {
      array.add(Long.parseLong(text));
    } else if (isDecimal(text)) {
      array.add(Double.parseDouble(text));
    } else {
      array.add(text);
    }
  }

  private static boolean isDecimal(String text) {
    try {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) && Double.toString(number).equals(text);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Metric metric(Field field) throws Flaw {
    if (!field.node().isObject()) {
      throw field.wrong("it is no JSON object");
    }
    String key = field.in("key").text();
    if (key.isBlank()) {
      throw field.in("key").wrong("it is empty");
    }
    String title = field.title(key);
    String type = field.in("type").text();
    Field data = field.in("data");
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "float" -> new Value(key, title, data.in("value").number());
      case "line chart" -> chart(key, title, Chart.Style.LINE, data);
      case "histogram" -> chart(key, title, Chart.Style.HISTOGRAM, data);
      case "table" -> table(key, title, data);
      case "one-dimensional-table" -> flatTable(key, title, data);
      default -> throw field.in("type").wrong("it is '%s' (expected %s)".formatted(type, TYPES));
    };
  }

  private static Chart chart(String key, String title, Chart.Style style, Field data) throws Flaw {
    List<Field> axes = data.in("x_axis").items();
    if (axes.size() != 1) {
      throw data.in("x_axis").wrong("it has %d axes (expected 1)".formatted(axes.size()));
    }
    Labels x = labels(axes.get(0));
    List<Numbers> y = new ArrayList<>();
    for (Field axis : data.in("y_axis").items()) {
      List<Double> values = new ArrayList<>();
      for (Field value : axis.in("value").items()) {
        values.add(value.number());
      }
      if (values.size() != x.values().size()) {
        throw axis.in("value")
            .wrong(
                "it has %d values (expected %d, as many as x_axis[0].value)"
                    .formatted(values.size(), x.values().size()));
      }
      y.add(new Numbers(axis.title(""), values));
    }
    if (y.isEmpty()) {
      throw data.in("y_axis").wrong("it is empty");
    }
    return new Chart(key, title, style, x, y);
  }

  private static Table table(String key, String title, Field data) throws Flaw {
    Labels columns = labels(data.in("col_labels"));
    Labels rows = labels(data.in("row_labels"));
    List<List<String>> cells = cells(data, columns, "col_labels.value");
    if (rows.values().isEmpty()) {
      throw data.in("row_labels").in("value").wrong("it is empty");
    }
    if (cells.size() != rows.values().size()) {
      throw data.in("cell_value")
          .wrong(
              "it has %d rows (expected %d, as many as row_labels.value)"
                  .formatted(cells.size(), rows.values().size()));
    }
    return new Table(key, title, columns, rows, cells);
  }

  private static Table flatTable(String key, String title, Field data) throws Flaw {
    Labels columns = new Labels("", texts(data.in("labels")));
    return new Table(key, title, columns, Labels.NONE, cells(data, columns, "labels"));
  }

  private static List<List<String>> cells(Field data, Labels columns, String counted) throws Flaw {
    List<List<String>> cells = new ArrayList<>();
    for (Field row : data.in("cell_value").items()) {
      List<String> texts = texts(row);
      if (texts.size() != columns.values().size()) {
        throw row.wrong(
            "it has %d cells (expected %d, as many as %s)"
                .formatted(texts.size(), columns.values().size(), counted));
      }
      cells.add(texts);
    }
    return cells;
  }

  private static Labels labels(Field field) throws Flaw {
    return new Labels(field.title(""), texts(field.in("value")));
  }

  private static List<String> texts(Field field) throws Flaw {
    List<String> texts = new ArrayList<>();
    for (Field item : field.items()) {
      texts.add(item.scalar());
    }
    return texts;
  }

  /** A place in the file, and what is there. */
  private record Field(String path, JsonNode node) {

    Field in(String name) throws Flaw {
      Field field = new Field(path + "." + name, node.path(name));
      if (field.node().isMissingNode() || field.node().isNull()) {
        throw field.wrong("it is missing");
      }
      return field;
    }

    String title(String otherwise) throws Flaw {
      return node.path("title").isMissingNode() ? otherwise : in("title").text();
    }

    List<Field> items() throws Flaw {
      if (!node.isArray()) {
        throw wrong("it is no list");
      }
      List<Field> items = new ArrayList<>();
      for (int i = 0; i < node.size(); i++) {
        items.add(new Field("%s[%d]".formatted(path, i), node.get(i)));
      }
      return items;
    }

    String text() throws Flaw {
      if (!node.isTextual()) {
        throw wrong("it is no text");
      }
      return node.asText();
    }

    double number() throws Flaw {
      if (!node.isNumber()) {
        throw wrong("it is no number");
      }
      if (!Double.isFinite(node.doubleValue())) {
        throw wrong("it is %s (expected a finite number)".formatted(node.asText()));
      }
      return node.doubleValue();
    }

    String scalar() throws Flaw {
      if (node.isNumber()) {
        number();
      } else if (!node.isTextual() && !node.isBoolean()) {
        throw wrong("it is neither a number nor a text");
      }
      return node.asText();
    }

    Flaw wrong(String why) {
      return new Flaw(path + ": " + why);
    }
  }

  private static final class Flaw extends Exception {
    private static final long serialVersionUID = 1L;

    Flaw(String message) {
      super(message);
    }
  }
}
