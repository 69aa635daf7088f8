package io.millrace.training.metrics;

import static java.util.Objects.requireNonNull;

import io.millrace.training.TrainingOutput;
import io.millrace.training.TrainingRun;
import io.millrace.training.WholeFile;
import io.millrace.training.metrics.Metric.Chart;
import io.millrace.training.metrics.Metric.Numbers;
import io.millrace.training.metrics.Metric.Value;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunRecord;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one run measured: the {@code metrics.json} of each of its outputs.
 *
 * @param outputs those that have such a file, in the job's order
 * @param problems sentences on files that are damaged or not of this run; a damaged file never
 *     fails a run
 */
public record RunMetrics(List<OfOutput> outputs, List<String> problems) {
  /** The file that a script writes into one of its outputs. */
  public static final String FILE = "metrics.json";

  /** Clocks of file systems are coarser than ours. */
  private static final Duration CLOCK = Duration.ofSeconds(2);

  /** The metrics of one output, those of its file that are right. */
  public record OfOutput(String output, List<Metric> metrics) {
    public OfOutput {
      requireNonNull(output, "output is null");
      metrics = List.copyOf(metrics);
    }
  }

  /** A metric by the name it has within its run: its key, after the output's name if several. */
  public record Named(String name, Metric metric) {
    public Named {
      requireNonNull(name, "name is null");
      requireNonNull(metric, "metric is null");
    }
  }

  public RunMetrics {
    outputs = List.copyOf(outputs);
    problems = List.copyOf(problems);
  }

  /**
   * Reads what a run has measured so far: what was kept of it, or else what lies at its outputs'
   * locations. Runs that share a location replace each other's file there: one that was written
   * before the run was submitted, or after it ended, is left out with a sentence.
   */
  public static RunMetrics of(RunRecord record) {
    List<OfOutput> outputs = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (TrainingOutput output : record.run().job().outputs()) {
      Path kept = record.directory().metricsFile(output.name());
      Optional<Path> file =
          Files.exists(kept)
              ? Optional.of(kept)
              : located(output, record.status().created(), record.status().ended(), problems);
      file.flatMap(each -> read(each, problems))
          .ifPresent(metrics -> outputs.add(new OfOutput(output.name(), metrics)));
    }
    return new RunMetrics(outputs, problems);
  }

  /**
   * Keeps the metrics of a run that ends in its own directory, where no later run replaces them.
   * Call it once the outputs are at their locations.
   *
   * @param created when the run was submitted
   * @return sentences on what is wrong with them; a run does not fail for that
   */
  public static List<String> keep(TrainingRun run, RunDirectory directory, Instant created) {
    List<String> problems = new ArrayList<>();
    for (TrainingOutput output : run.job().outputs()) {
      Optional<Path> file = located(output, created, Optional.empty(), problems);
      if (file.isPresent() && read(file.get(), problems).isPresent()) {
        Path kept = directory.metricsFile(output.name());
        try {
          Files.createDirectories(kept.getParent());
          WholeFile.replace(kept, Files.readString(file.get()));
        } catch (IOException e) {
          problems.add("Cannot keep the metrics of output %s: %s.".formatted(output.name(), e));
        }
      }
    }
    return problems;
  }

  private static Optional<Path> located(
      TrainingOutput output, Instant created, Optional<Instant> ended, List<String> problems) {
    Optional<Path> location = output.location().localPath();
    if (location.isEmpty()) {
      return Optional.empty();
    }
    Path file = location.get().resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      Instant written = Files.getLastModifiedTime(file).toInstant();
      if (written.isBefore(created.minus(CLOCK))) {
        problems.add(
            "Left out the metrics of output %s: %s is older than the run."
                .formatted(output.name(), file));
        return Optional.empty();
      }
      if (ended.isPresent() && written.isAfter(ended.get().plus(CLOCK))) {
        problems.add(
            "Left out the metrics of output %s: %s was written after the run had ended, by another run that has the same output."
                .formatted(output.name(), file));
        return Optional.empty();
      }
      return Optional.of(file);
    } catch (IOException e) {
      problems.add("Cannot read the metrics in %s: %s.".formatted(file, e));
      return Optional.empty();
    }
  }

  /** Empty if nothing of the file can be used. */
  private static Optional<List<Metric>> read(Path file, List<String> problems) {
    MetricsJson.Reading reading;
    try {
      reading =
          Files.size(file) > MetricsJson.MAX_BYTES
              ? new MetricsJson.Reading(List.of(), List.of("it is larger than 1 MiB"))
              : MetricsJson.read(Files.readString(file));
    } catch (MalformedInputException e) {
      reading = new MetricsJson.Reading(List.of(), List.of("it is no UTF-8 text"));
    } catch (IOException e) {
      reading = new MetricsJson.Reading(List.of(), List.of(e.toString()));
    }
    if (!reading.problems().isEmpty()) {
      problems.add(
          "Cannot read %s in %s: %s."
              .formatted(
                  reading.metrics().isEmpty() ? "the metrics" : "some of the metrics",
                  file,
                  String.join("; ", reading.problems())));
    }
    return reading.metrics().isEmpty() ? Optional.empty() : Optional.of(reading.metrics());
  }

  /** All metrics by name: {@code KEY}, or {@code OUTPUT/KEY} if several outputs have some. */
  public List<Named> named() {
    List<Named> named = new ArrayList<>();
    for (OfOutput each : outputs) {
      String prefix = outputs.size() > 1 ? each.output() + "/" : "";
      each.metrics().forEach(metric -> named.add(new Named(prefix + metric.key(), metric)));
    }
    return named;
  }

  /**
   * The last number of each value and line chart, by name; a line chart with several y axes has one
   * for each, {@code NAME/TITLE}, or {@code NAME/0} and so on where titles are missing or equal.
   * Histograms and tables have none.
   */
  public SortedMap<String, Double> finalValues() {
    SortedMap<String, Double> values = new TreeMap<>();
    for (Named each : named()) {
      if (each.metric() instanceof Value value) {
        values.put(each.name(), value.value());
      } else if (each.metric() instanceof Chart chart && chart.style() == Chart.Style.LINE) {
        for (int i = 0; i < chart.y().size(); i++) {
          List<Double> numbers = chart.y().get(i).values();
          if (!numbers.isEmpty()) {
            values.put(each.name() + suffix(chart, i), numbers.get(numbers.size() - 1));
          }
        }
      }
    }
    return Collections.unmodifiableSortedMap(values);
  }

  /** Tells the curves of a chart apart, by number where titles do not. */
  private static String suffix(Chart chart, int curve) {
    String title = chart.y().get(curve).title();
    long same = chart.y().stream().map(Numbers::title).filter(title::equals).count();
    if (chart.y().size() == 1) {
      return "";
    }
    return "/" + (title.isBlank() || same > 1 ? Integer.toString(curve) : title);
  }
}
