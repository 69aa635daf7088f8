package io.millrace.training.experiment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Runs side by side, a row each: state, duration, nodes, dataset versions, hyperparameters and the
 * last values of metrics. What a run does not have shows as {@code -}.
 *
 * @param runs in the order in which they are shown
 */
public record RunComparison(List<RunFacts> runs, Parameters parameters) {

  /** Which hyperparameters and inputs are shown. */
  public enum Parameters {
    /** Those that are not the same in all runs; all of them if there is but one run. */
    DIFFERING,
    ALL
  }

  private enum Kind {
    OURS,
    SETTING,
    METRIC
  }

  private static final String NONE = "-";
  private static final Set<Character> FORMULA_STARTS = Set.of('=', '+', '-', '@', '\t', '\r');

  public RunComparison {
    runs = List.copyOf(runs);
  }

  private record Column(Kind kind, String title, Function<RunFacts, Optional<String>> value) {}

  private List<Column> columns(boolean exact) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(Kind.OURS, "run", run -> Optional.of(run.run())));
    if (runs.stream().anyMatch(run -> run.experiment().isPresent())) {
      columns.add(new Column(Kind.OURS, "experiment", RunFacts::experiment));
    }
    columns.add(new Column(Kind.OURS, "state", run -> Optional.of(run.state().displayName())));
    columns.add(
        new Column(
            Kind.OURS,
            exact ? "duration_s" : "duration",
            run -> run.duration().map(time -> exact ? seconds(time) : forPeople(time))));
    columns.add(new Column(Kind.OURS, "nodes", run -> Optional.of(Integer.toString(run.nodes()))));
    columns.addAll(shown(RunFacts::inputs));
    columns.addAll(shown(RunFacts::parameters));
    Set<String> metrics = new TreeSet<>();
    runs.forEach(run -> metrics.addAll(run.metrics().keySet()));
    for (String metric : metrics) {
      columns.add(
          new Column(
              Kind.METRIC,
              metric,
              run ->
                  Optional.ofNullable(run.metrics().get(metric))
                      .map(value -> exact ? exact(value) : forPeople(value))));
    }
    return toldApart(columns);
  }

  /** A name that is there before has behind it what it is the name of. */
  private static List<Column> toldApart(List<Column> columns) {
    Set<String> titles = new HashSet<>();
    List<Column> apart = new ArrayList<>();
    for (Column column : columns) {
      String title =
          titles.add(column.title())
              ? column.title()
              : column.title() + (column.kind() == Kind.METRIC ? " (metric)" : " (parameter)");
      apart.add(new Column(column.kind(), title, column.value()));
    }
    return apart;
  }

  private List<Column> shown(Function<RunFacts, Map<String, String>> settings) {
    Set<String> names = new LinkedHashSet<>();
    runs.forEach(run -> names.addAll(settings.apply(run).keySet()));
    return names.stream()
        .filter(name -> parameters == Parameters.ALL || runs.size() == 1 || differs(name, settings))
        .map(
            name ->
                new Column(
                    Kind.SETTING, name, run -> Optional.ofNullable(settings.apply(run).get(name))))
        .toList();
  }

  private boolean differs(String name, Function<RunFacts, Map<String, String>> settings) {
    Set<Optional<String>> values = new HashSet<>();
    runs.forEach(run -> values.add(Optional.ofNullable(settings.apply(run).get(name))));
    return values.size() > 1;
  }

  /** The titles of the columns of {@link #rows}, ours in capitals, the job's as they are. */
  public List<String> header() {
    return columns(false).stream()
        .map(
            column ->
                column.kind() == Kind.OURS
                    ? column.title().toUpperCase(Locale.ROOT)
                    : column.title())
        .toList();
  }

  /** A row for each run, numbers rounded for people. */
  public List<List<String>> rows() {
    List<Column> columns = columns(false);
    return runs.stream()
        .map(
            run ->
                columns.stream()
                    .map(
                        column ->
                            column.value().apply(run).orElse(NONE).replaceAll("\\p{Cntrl}", " "))
                    .toList())
        .toList();
  }

  /**
   * Comma-separated values with a header (RFC 4180), numbers in full, durations in seconds, what is
   * missing empty. A text that a spreadsheet would take for a formula has a quote before it.
   */
  public String toCsv() {
    List<Column> columns = columns(true);
    StringBuilder csv = new StringBuilder();
    csv.append(line(columns.stream().map(Column::title).toList()));
    for (RunFacts run : runs) {
      csv.append(
          line(columns.stream().map(column -> column.value().apply(run).orElse("")).toList()));
    }
    return csv.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream().map(RunComparison::cell).collect(Collectors.joining(",")) + "\r\n";
  }

  private static String cell(String text) {
    boolean formula = !text.isEmpty() && FORMULA_STARTS.contains(text.charAt(0)) && !isNumber(text);
    String safe = formula ? "'" + text : text;
    return safe.chars().anyMatch(each -> each == ',' || each == '"' || each == '\n' || each == '\r')
        ? '"' + safe.replace("\"", "\"\"") + '"'
        : safe;
  }

  private static boolean isNumber(String text) {
    return text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
  }

  /** All that is known of each run, as a JSON list. */
  public ArrayNode toJson() {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (RunFacts run : runs) {
      ObjectNode node = list.addObject();
      node.put("run", run.run());
      node.put("experiment", run.experiment().orElse(null));
      node.put("state", run.state().displayName());
      node.put("created_at", run.created().toString());
      run.duration()
          .ifPresentOrElse(
              time -> node.put("duration_seconds", time.toMillis() / 1000.0),
              () -> node.putNull("duration_seconds"));
      node.put("nodes", run.nodes());
      ObjectNode inputs = node.putObject("inputs");
      run.inputs().forEach(inputs::put);
      ObjectNode settings = node.putObject("parameters");
      run.parameters().forEach(settings::put);
      ObjectNode metrics = node.putObject("metrics");
      run.metrics().forEach(metrics::put);
      ArrayNode problems = node.putArray("problems");
      run.problems().forEach(problems::add);
    }
    return list;
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
  }

  /** {@code 6.2 s}, {@code 3 min 20 s} or {@code 2 h 5 min}. */
  public static String forPeople(Duration time) {
    if (time.toMinutes() < 1) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
    return time.toHours() < 1
        ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
        : "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
  }

  private static String exact(double value) {
    return isWhole(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** Four significant digits, whole numbers as they are. */
  public static String forPeople(double value) {
    if (isWhole(value)) {
      return Long.toString((long) value);
    }
    double size = Math.abs(value);
    if (size >= 1e7 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15;
  }
}
