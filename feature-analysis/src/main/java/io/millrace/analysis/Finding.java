package io.millrace.analysis;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.VersionName;
import java.util.Optional;

/**
 * Something about a version that a person should know, with the advice that goes with it.
 *
 * @param id the kind of finding, such as {@code unreadable} or {@code outliers-low}
 * @param metric the metric it is about, if it is about one
 * @param count how many images, boxes or labels it concerns
 */
public record Finding(
    Severity severity,
    String id,
    VersionName version,
    Optional<Metric> metric,
    long count,
    BilingualText text) {
  public Finding {
    requireNonNull(severity, "severity is null");
    requireNonNull(id, "id is null");
    requireNonNull(version, "version is null");
    requireNonNull(metric, "metric is null");
    requireNonNull(text, "text is null");
  }

  /** How much a finding matters; the most urgent first. */
  public enum Severity {
    /** Something is broken and is missing from the figures. */
    PROBLEM,
    /** Training may suffer. */
    WARNING,
    /** Good to know. */
    NOTE
  }
}
