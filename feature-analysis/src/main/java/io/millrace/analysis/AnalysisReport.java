package io.millrace.analysis;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.analysis.distribution.Bins;
import io.millrace.analysis.distribution.Summary;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.LabelTaskType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a feature analysis: one or several versions of a dataset, with histograms over the
 * same bins, and what is remarkable about them.
 *
 * @param bins by metric; metrics without a value in any version are absent
 */
public record AnalysisReport(
    DatasetName dataset,
    LabelTaskType taskType,
    Instant analysedAt,
    Map<Metric, Bins> bins,
    List<VersionAnalysis> versions) {
  public AnalysisReport {
    requireNonNull(dataset, "dataset is null");
    requireNonNull(taskType, "taskType is null");
    requireNonNull(analysedAt, "analysedAt is null");
    Map<Metric, Bins> copy = new EnumMap<>(Metric.class);
    copy.putAll(bins);
    bins = Collections.unmodifiableMap(copy);
    versions = List.copyOf(versions);
    checkArgument(!versions.isEmpty(), "Invalid report: it has no version");
  }

  /** The bins that these versions share. */
  public static Map<Metric, Bins> sharedBins(Collection<VersionMeasurements> versions) {
    Map<Metric, List<Summary>> summaries = new EnumMap<>(Metric.class);
    for (VersionMeasurements version : versions) {
      version
          .summaries()
          .forEach(
              (metric, summary) ->
                  summaries.computeIfAbsent(metric, any -> new ArrayList<>()).add(summary));
    }
    Map<Metric, Bins> bins = new EnumMap<>(Metric.class);
    summaries.forEach(
        (metric, list) -> bins.put(metric, metric.isCount() ? Bins.ofCounts(list) : Bins.of(list)));
    return bins;
  }

  /** What is remarkable, the most urgent first. */
  public List<Finding> findings() {
    return Findings.of(this);
  }

  /** The report as a JSON object. */
  public String toJson() {
    return AnalysisReportJson.toText(this);
  }
}
