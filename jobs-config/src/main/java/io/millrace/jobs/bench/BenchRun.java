package io.millrace.jobs.bench;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What benchmarks have in common: rows that are asked for, a directory that goes afterwards. */
final class BenchRun {
  private static final Logger log = LoggerFactory.getLogger(BenchRun.class);

  private final BenchConfig config;
  private final BenchProgress progress;

  /**
   * A run of a benchmark.
   *
   * @param subjects the rows that it knows
   * @throws DatasetException if another row is asked for
   */
  BenchRun(BenchConfig config, BenchProgress progress, List<BenchSubject> subjects) {
    List<String> known = subjects.stream().map(BenchSubject::id).toList();
    config
        .only()
        .forEach(
            id ->
                checkArgument(
                    known.contains(id),
                    "Unknown row: '%s' (expected one of %s)",
                    id,
                    String.join(", ", known)));
    this.config = config;
    this.progress = progress;
  }

  BenchConfig config() {
    return config;
  }

  void doing(String what) {
    progress.doing(what);
  }

  boolean isAsked(BenchSubject... subjects) {
    return config.only().isEmpty()
        || Stream.of(subjects).anyMatch(subject -> config.only().contains(subject.id()));
  }

  /** Rows measured in one directory. */
  @FunctionalInterface
  interface Measurements {
    List<BenchRow> in(Path directory) throws IOException;
  }

  /**
   * Measures in a fresh directory and deletes it. Only rows that were asked for are given back, and
   * of a reduced size none is judged.
   */
  List<BenchRow> rows(Measurements measurements) {
    try {
      Path directory = Files.createTempDirectory("millrace-bench-");
      Thread atInterrupt = new Thread(() -> deleteAtExit(directory));
      Runtime.getRuntime().addShutdownHook(atInterrupt);
      try {
        return measurements.in(directory).stream()
            .filter(row -> config.only().isEmpty() || config.only().contains(row.id()))
            .map(row -> config.scale() < 1 ? row.withoutVerdict() : row)
            .toList();
      } finally {
        Runtime.getRuntime().removeShutdownHook(atInterrupt);
        delete(directory);
      }
    } catch (IOException e) {
      throw new DatasetException("Cannot keep the benchmark's data: " + e.getMessage(), e);
    }
  }

  /** One row. */
  @FunctionalInterface
  interface Measurement {
    BenchRow row() throws Exception;
  }

  /** A row, also where it cannot be measured. */
  BenchRow measure(BenchSubject subject, Measurement measurement) {
    progress.doing("Measuring " + subject.id());
    try {
      return measurement.row();
    } catch (UnmeasurableException e) {
      return BenchRow.unmeasured(subject, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatasetException("The benchmark was interrupted.", e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new DatasetException("Cannot measure %s: %s".formatted(subject.id(), e), e);
    }
  }

  Duel fight(Duel.Round ours, Duel.Round theirs) throws Exception {
    return Duel.fight(ours, theirs, config.warmUps(), config.rounds());
  }

  /**
   * Measures a task at growing sizes, in a Java of its own with a small heap.
   *
   * @param fullSizes ascending
   * @param exponent the subject of its growth in time
   * @param heap the subject of its heap at the largest size, in MB
   */
  List<BenchRow> scale(
      ScaleTask task,
      List<Long> fullSizes,
      BenchSubject exponent,
      BenchSubject heap,
      Path directory) {
    if (!isAsked(exponent, heap)) {
      return List.of();
    }
    List<Long> sizes = fullSizes.stream().map(config::scaled).toList();
    doing("%s of %s samples, with a heap of 1 GB".formatted(task, sizes));
    Scale[] scale = new Scale[1];
    BenchRow growth =
        measure(
            exponent,
            () -> {
              scale[0] = ScaleProcess.run(task, config, sizes, Files.createDirectories(directory));
              return BenchRow.measured(
                  exponent,
                  scale[0].exponent(),
                  "%s, after a warm-up: %s".formatted(task.samples(), scale[0]));
            });
    BenchRow memory =
        scale[0] == null
            ? BenchRow.unmeasured(heap, growth.detail())
            : BenchRow.measured(
                heap, scale[0].last().peakBytes() / 1048576.0, "heap peaks: " + scale[0]);
    return List.of(growth, memory);
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }

  /** What an interrupted benchmark leaves; processes that still write may bring files back. */
  private static void deleteAtExit(Path directory) {
    try {
      delete(directory);
    } catch (IOException e) {
      log.warn("Could not delete all of {}", directory, e);
    }
  }
}
