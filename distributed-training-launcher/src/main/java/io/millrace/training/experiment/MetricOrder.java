package io.millrace.training.experiment;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Puts runs in the order of one metric; those that do not have it come last either way. */
public record MetricOrder(String metric, Direction direction) {

  /** Which values come first. */
  public enum Direction {
    /** The smallest, as for a loss. */
    ASCENDING,
    /** The largest, as for an accuracy. */
    DESCENDING
  }

  private static final String ASCENDING_SUFFIX = ":asc";
  private static final String DESCENDING_SUFFIX = ":desc";

  public MetricOrder {
    checkArgument(
        metric != null && !metric.isBlank(), "Invalid order: '' (expected METRIC[:asc|desc])");
    requireNonNull(direction, "direction is null");
  }

  /**
   * Reads {@code METRIC}, {@code METRIC:asc} or {@code METRIC:desc}; without a direction the
   * smallest come first.
   */
  public static MetricOrder parse(String text) {
    if (text.endsWith(DESCENDING_SUFFIX)) {
      String metric = text.substring(0, text.length() - DESCENDING_SUFFIX.length());
      return new MetricOrder(metric, Direction.DESCENDING);
    }
    String metric =
        text.endsWith(ASCENDING_SUFFIX)
            ? text.substring(0, text.length() - ASCENDING_SUFFIX.length())
            : text;
    return new MetricOrder(metric, Direction.ASCENDING);
  }

  /**
   * Runs in this order; equal ones stay as they are.
   *
   * @throws io.millrace.dataset.DatasetException if no run has the metric, naming those there are
   */
  public List<RunFacts> sorted(List<RunFacts> runs) {
    TreeSet<String> known = new TreeSet<>();
    runs.forEach(run -> known.addAll(run.metrics().keySet()));
    checkArgument(
        known.contains(metric),
        "Cannot sort by '%s': no run has this metric. %s",
        metric,
        known.isEmpty() ? "None has any." : "There are " + String.join(", ", known) + ".");
    Comparator<Double> byValue =
        switch (direction) {
          case ASCENDING -> Comparator.naturalOrder();
          case DESCENDING -> Comparator.reverseOrder();
        };
    return runs.stream()
        .sorted(
            Comparator.comparing(
                (RunFacts run) -> run.metrics().get(metric), Comparator.nullsLast(byValue)))
        .toList();
  }
}
