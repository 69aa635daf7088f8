package io.millrace.analysis;

import java.util.List;

/**
 * The ends of a metric's distribution: lowest first in {@code low}, highest first in {@code high}.
 */
public record Extremes(List<Extreme> low, List<Extreme> high) {
  public Extremes {
    low = List.copyOf(low);
    high = List.copyOf(high);
  }
}
