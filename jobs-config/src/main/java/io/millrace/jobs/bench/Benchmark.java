package io.millrace.jobs.bench;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.naming.NearestName;
import io.millrace.training.local.PythonFinder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The benchmarks there are. */
public enum Benchmark {
  /** Manifests, directories and memory of imports. */
  INGEST,

  /** Publishing, comparing and listing versions. */
  VERSIONS,

  /** Launching and watching training. */
  TRAIN;

  /**
   * Reads a benchmark's name in any case.
   *
   * @throws DatasetException for an unknown name, with the known ones and the nearest of them
   */
  public static Benchmark parse(String text) {
    return Arrays.stream(values())
        .filter(benchmark -> benchmark.toString().equalsIgnoreCase(text.strip()))
        .findFirst()
        .orElseThrow(() -> unknown(text.strip()));
  }

  /**
   * Measures it; see {@link IngestBenchmark}, {@link VersionsBenchmark}, {@link TrainBenchmark}.
   */
  public List<BenchRow> run(BenchConfig config, BenchProgress progress) {
    return switch (this) {
      case INGEST -> new IngestBenchmark(config, progress).run();
      case VERSIONS -> new VersionsBenchmark(config, progress).run();
      case TRAIN ->
          new TrainBenchmark(
                  config, progress, () -> PythonFinder.onThisMachine().find(List.of("torch")))
              .run();
    };
  }

  /** The name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static DatasetException unknown(String text) {
    List<String> known = Arrays.stream(values()).map(Benchmark::toString).toList();
    return new DatasetException(
        "Unknown benchmark: '%s'. Known: %s.%s"
            .formatted(
                text,
                String.join(", ", known),
                NearestName.of(text, known)
                    .map(name -> " Did you mean %s?".formatted(name))
                    .orElse("")));
  }
}
