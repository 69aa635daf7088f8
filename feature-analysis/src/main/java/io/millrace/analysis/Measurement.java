package io.millrace.analysis;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/**
 * One value of one metric.
 *
 * @param box the index of the box among the sample's objects, from 0; present exactly for metrics
 *     of boxes
 * @param value finite
 */
public record Measurement(Metric metric, OptionalInt box, double value) {
  public Measurement {
    requireNonNull(metric, "metric is null");
    requireNonNull(box, "box is null");
    checkArgument(
        box.isPresent() == (metric.subject() == Metric.Subject.BOX),
        "Invalid measurement of %s: box %s",
        metric.id(),
        box);
    checkArgument(
        Double.isFinite(value),
        "Invalid measurement of %s: %s (expected a finite number)",
        metric.id(),
        value);
  }

  static Measurement ofImage(Metric metric, double value) {
    return new Measurement(metric, OptionalInt.empty(), value);
  }

  static Measurement ofBox(Metric metric, int box, double value) {
    return new Measurement(metric, OptionalInt.of(box), value);
  }
}
