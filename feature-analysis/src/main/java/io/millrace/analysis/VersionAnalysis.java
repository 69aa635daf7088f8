package io.millrace.analysis;

import static java.util.Objects.requireNonNull;

import io.millrace.analysis.distribution.Distribution;
import io.millrace.analysis.distribution.View;
import io.millrace.dataset.VersionName;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the analysis of one version found.
 *
 * @param samples of the version
 * @param taken samples that were looked at: all of a classification, the labelled ones of a
 *     detection
 * @param unreadable how many could not be measured, by reason
 * @param unreadableSamples the first of them by id, at most 20
 * @param images measured images, by view; views without one are absent
 * @param labels how often each label occurs in measured images (objects for a detection), by view
 * @param boxes in measured images
 * @param boxesWithoutPixels of them, those that cover no pixel
 * @param distributions by metric and view; metrics and views without a value are absent
 * @param extremes by metric, over the whole version
 * @param took decoding and measuring, the engine's own time included
 */
public record VersionAnalysis(
    VersionName version,
    long samples,
    long taken,
    SortedMap<String, Long> unreadable,
    List<UnreadableSample> unreadableSamples,
    Map<View, Long> images,
    Map<View, SortedMap<String, Long>> labels,
    long boxes,
    long boxesWithoutPixels,
    Map<Metric, Map<View, Distribution>> distributions,
    Map<Metric, Extremes> extremes,
    Duration took) {
  public VersionAnalysis {
    requireNonNull(version, "version is null");
    requireNonNull(took, "took is null");
    unreadable = Collections.unmodifiableSortedMap(new TreeMap<>(unreadable));
    unreadableSamples = List.copyOf(unreadableSamples);
    images = copy(View.class, images);
    labels = copy(View.class, labels);
    distributions = copy(Metric.class, distributions);
    extremes = copy(Metric.class, extremes);
  }

  /** How many images were measured. */
  public long measured() {
    return images.getOrDefault(View.ALL, 0L);
  }

  public long unreadableCount() {
    return unreadable.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Images a second, those that turned out unreadable included; 0 where no time passed. */
  public double imagesPerSecond() {
    return took.isZero() ? 0 : taken / (took.toNanos() / 1e9);
  }

  private static <K extends Enum<K>, V> Map<K, V> copy(Class<K> keys, Map<K, V> map) {
    Map<K, V> copy = new EnumMap<>(keys);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }
}
