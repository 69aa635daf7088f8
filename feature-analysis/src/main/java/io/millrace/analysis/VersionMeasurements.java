package io.millrace.analysis;

import io.millrace.analysis.distribution.Bins;
import io.millrace.analysis.distribution.Distribution;
import io.millrace.analysis.distribution.Histogram;
import io.millrace.analysis.distribution.Summary;
import io.millrace.analysis.distribution.Values;
import io.millrace.analysis.distribution.View;
import io.millrace.analysis.image.Unreadable;
import io.millrace.dataset.Label;
import io.millrace.dataset.VersionName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gathers the measured samples of one version, sample by sample in any order. Keeps 8 bytes a value
 * and few whole samples, so that a million images need no more than some hundred megabytes.
 */
public final class VersionMeasurements {
  private static final int UNREADABLE_EXAMPLES = 20;
  private static final Comparator<UnreadableSample> BY_ID =
      Comparator.comparing(UnreadableSample::id);

  private final VersionName version;
  private final long samples;
  private final int examples;
  private final Map<Metric, Map<View, Values>> values = new EnumMap<>(Metric.class);
  private final Map<Metric, PriorityQueue<Extreme>> lowest = new EnumMap<>(Metric.class);
  private final Map<Metric, PriorityQueue<Extreme>> highest = new EnumMap<>(Metric.class);
  private final Map<View, Long> images = new EnumMap<>(View.class);
  private final Map<View, SortedMap<String, Long>> labels = new EnumMap<>(View.class);
  private final Map<Unreadable, Long> unreadable = new EnumMap<>(Unreadable.class);
  private final PriorityQueue<UnreadableSample> unreadableSamples =
      new PriorityQueue<>(BY_ID.reversed());
  private long taken;
  private long boxes;
  private long boxesWithoutPixels;

  /**
   * Nothing measured yet.
   *
   * @param samples of the version, those that are not to be measured too
   * @param examples how many of the lowest and of the highest are kept for each metric
   */
  public VersionMeasurements(VersionName version, long samples, int examples) {
    this.version = version;
    this.samples = samples;
    this.examples = examples;
  }

  public void add(MeasuredSample sample) {
    taken++;
    if (sample.unreadable().isPresent()) {
      addUnreadable(sample, sample.unreadable().get());
      return;
    }
    boxes += sample.boxes().size();
    boxesWithoutPixels += sample.boxesWithoutPixels();
    for (View view : View.values()) {
      if (view.holds(sample.usage())) {
        addTo(view, sample);
      }
    }
    sample.measurements().forEach(measurement -> addExtreme(sample, measurement));
  }

  /** The summaries over the whole version; metrics without a value are absent. */
  public Map<Metric, Summary> summaries() {
    Map<Metric, Summary> summaries = new EnumMap<>(Metric.class);
    values.forEach(
        (metric, views) -> summaries.put(metric, Summary.of(views.get(View.ALL).toArray())));
    return summaries;
  }

  /**
   * What was gathered, as a result.
   *
   * @param bins for every metric that has a value
   */
  public VersionAnalysis toAnalysis(Map<Metric, Bins> bins, Duration took) {
    return new VersionAnalysis(
        version,
        samples,
        taken,
        byId(unreadable),
        sorted(unreadableSamples, BY_ID),
        images,
        labels,
        boxes,
        boxesWithoutPixels,
        distributions(bins),
        extremes(),
        took);
  }

  private void addUnreadable(MeasuredSample sample, Unreadable reason) {
    unreadable.merge(reason, 1L, Long::sum);
    unreadableSamples.add(new UnreadableSample(sample.id(), sample.source(), reason));
    if (unreadableSamples.size() > UNREADABLE_EXAMPLES) {
      unreadableSamples.poll();
    }
  }

  private void addTo(View view, MeasuredSample sample) {
    images.merge(view, 1L, Long::sum);
    SortedMap<String, Long> counts = labels.computeIfAbsent(view, any -> new TreeMap<>());
    for (Label label : sample.labels()) {
      counts.merge(label.value(), 1L, Long::sum);
    }
    for (Measurement measurement : sample.measurements()) {
      values
          .computeIfAbsent(measurement.metric(), any -> new EnumMap<>(View.class))
          .computeIfAbsent(view, any -> new Values())
          .add(measurement.value());
    }
  }

  private void addExtreme(MeasuredSample sample, Measurement measurement) {
    Metric metric = measurement.metric();
    Extreme extreme =
        new Extreme(
            sample.id(),
            sample.source(),
            measurement.box().isPresent()
                ? Optional.of(sample.boxes().get(measurement.box().getAsInt()))
                : Optional.empty(),
            measurement.value());
    keep(extreme, lowest.computeIfAbsent(metric, any -> endOf(Extreme.LOWEST_FIRST)));
    keep(extreme, highest.computeIfAbsent(metric, any -> endOf(Extreme.HIGHEST_FIRST)));
  }

  private void keep(Extreme extreme, PriorityQueue<Extreme> end) {
    end.add(extreme);
    if (end.size() > examples) {
      end.poll();
    }
  }

  /** A queue whose head is the least extreme, the first to go. */
  private static PriorityQueue<Extreme> endOf(Comparator<Extreme> order) {
    return new PriorityQueue<>(order.reversed());
  }

  private Map<Metric, Map<View, Distribution>> distributions(Map<Metric, Bins> bins) {
    Map<Metric, Map<View, Distribution>> distributions = new EnumMap<>(Metric.class);
    values.forEach(
        (metric, views) -> {
          Map<View, Distribution> byView = new EnumMap<>(View.class);
          views.forEach(
              (view, list) -> {
                double[] array = list.toArray();
                byView.put(
                    view,
                    new Distribution(Summary.of(array), Histogram.of(array, bins.get(metric))));
              });
          distributions.put(metric, byView);
        });
    return distributions;
  }

  private Map<Metric, Extremes> extremes() {
    Map<Metric, Extremes> extremes = new EnumMap<>(Metric.class);
    for (Metric metric : lowest.keySet()) {
      extremes.put(
          metric,
          new Extremes(
              sorted(lowest.get(metric), Extreme.LOWEST_FIRST),
              sorted(highest.get(metric), Extreme.HIGHEST_FIRST)));
    }
    return extremes;
  }

  private static SortedMap<String, Long> byId(Map<Unreadable, Long> counts) {
    SortedMap<String, Long> byId = new TreeMap<>();
    counts.forEach((reason, count) -> byId.put(reason.id(), count));
    return byId;
  }

  private static <T> List<T> sorted(PriorityQueue<T> queue, Comparator<? super T> order) {
    List<T> list = new ArrayList<>(queue);
    list.sort(order);
    return Collections.unmodifiableList(list);
  }
}
