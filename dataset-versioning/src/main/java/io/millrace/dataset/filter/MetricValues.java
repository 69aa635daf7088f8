package io.millrace.dataset.filter;

import java.util.List;
import java.util.Map;

/** What was measured of one sample, by the names that a selection uses. */
@FunctionalInterface
public interface MetricValues {
  /** For a sample of which nothing was measured. */
  MetricValues NONE = metric -> List.of();

  /**
   * The values of a metric: one for a metric of the sample, one a box for a metric of boxes, none
   * where it was not measured. NaN counts as not measured.
   *
   * @param metric in lower case with underscores, such as {@code box_count}
   */
  List<Double> of(String metric);

  /** The metrics of a map from name to values. */
  static MetricValues of(Map<String, List<Double>> values) {
    return metric -> values.getOrDefault(metric, List.of());
  }
}
