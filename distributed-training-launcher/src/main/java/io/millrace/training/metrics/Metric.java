package io.millrace.training.metrics;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.List;

/** One entry of a {@code metrics.json}. */
public sealed interface Metric {

  /** Names it within its file. */
  String key();

  /** For people. */
  String title();

  /** A number; in the file of type {@code float}. */
  record Value(String key, String title, double value) implements Metric {
    public Value {
      checkKey(key, title);
      checkArgument(Double.isFinite(value), "Invalid value of metric %s: %s", key, value);
    }
  }

  /** Numbers over steps or over classes; in the file of type {@code line chart} or histogram. */
  record Chart(String key, String title, Style style, Labels x, List<Numbers> y) implements Metric {

    /** How it is drawn. */
    public enum Style {
      LINE,
      HISTOGRAM
    }

    public Chart {
      checkKey(key, title);
      requireNonNull(style, "style is null");
      requireNonNull(x, "x is null");
      y = List.copyOf(y);
      checkArgument(!y.isEmpty(), "Invalid metric %s: no y axis", key);
      for (Numbers each : y) {
        checkArgument(
            each.values().size() == x.values().size(),
            "Invalid metric %s: %s values on the x axis and %s on the y axis",
            key,
            x.values().size(),
            each.values().size());
      }
    }
  }

  /**
   * Numbers or texts in rows; in the file of type {@code table} or {@code one-dimensional-table}.
   *
   * @param rows a label for each row; no labels for a one-dimensional table
   */
  record Table(String key, String title, Labels columns, Labels rows, List<List<String>> cells)
      implements Metric {
    public Table {
      checkKey(key, title);
      requireNonNull(columns, "columns is null");
      requireNonNull(rows, "rows is null");
      cells = cells.stream().map(List::copyOf).toList();
      checkArgument(
          rows.values().isEmpty() || rows.values().size() == cells.size(),
          "Invalid metric %s: %s rows with %s labels",
          key,
          cells.size(),
          rows.values().size());
      for (List<String> row : cells) {
        checkArgument(
            row.size() == columns.values().size(),
            "Invalid metric %s: a row of %s cells below %s labels",
            key,
            row.size(),
            columns.values().size());
      }
    }

    /** Whether its rows have no labels. */
    public boolean isOneDimensional() {
      return rows.values().isEmpty();
    }
  }

  /**
   * What stands at an axis or beside a table; numbers as they are written.
   *
   * @param title may be empty
   */
  record Labels(String title, List<String> values) {
    /** None at all. */
    public static final Labels NONE = new Labels("", List.of());

    public Labels {
      requireNonNull(title, "title is null");
      values = List.copyOf(values);
    }
  }

  /**
   * The numbers of one curve.
   *
   * @param title may be empty
   */
  record Numbers(String title, List<Double> values) {
    public Numbers {
      requireNonNull(title, "title is null");
      values = List.copyOf(values);
      for (double each : values) {
        checkArgument(Double.isFinite(each), "Invalid value of a chart: %s", each);
      }
    }
  }

  private static void checkKey(String key, String title) {
    checkArgument(key != null && !key.isBlank(), "Invalid metric: its key is empty");
    requireNonNull(title, "title is null");
  }
}
