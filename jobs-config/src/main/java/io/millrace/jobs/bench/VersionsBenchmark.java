package io.millrace.jobs.bench;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.jobs.bench.spark.GeneratedDataset;
import io.millrace.jobs.bench.spark.PlainDeltaWrite;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The figures of versions; see its rows' subjects. */
final class VersionsBenchmark {
  private static final long SAMPLES = 1_000_000;
  private static final long SMALL_SAMPLES = 1_000;
  private static final int VERSIONS = 50;
  private static final List<Long> SCALE_SAMPLES = List.of(10_000L, 100_000L, 1_000_000L);
  private static final DatasetName MANY = new DatasetName("many");
  private static final String BARE_JAVA = "1 s; a bare Java start stands in the detail";

  private static final BenchSubject PUBLISH =
      new BenchSubject(
          "publish-vs-delta",
          "publishing of a million samples, times the time of",
          "a plain Delta write of the same rows",
          Goal.atMost(1.5));
  private static final BenchSubject SCALE =
      new BenchSubject(
          "publish-exponent",
          "growth of publishing time, exponent",
          "linear growth",
          Goal.atMost(1.05));
  private static final BenchSubject HEAP =
      new BenchSubject(
          "publish-heap",
          "heap after a collection at the largest publishing, MB",
          "a heap of 1 GB for driver and tasks",
          Goal.atMost(1024));
  private static final BenchSubject DATASET_LIST =
      command("dataset-list", "dataset list, a million samples and 50 versions, s");
  private static final BenchSubject DATASET_SHOW =
      command("dataset-show", "dataset show, a million samples and 50 versions, s");
  private static final BenchSubject VERSION_LIST =
      command("version-list", "version list, a million samples and 50 versions, s");
  private static final BenchSubject DIFF_COUNTS =
      command("diff-counts", "version diff --counts, two versions of a million samples, s");
  private static final List<BenchSubject> SUBJECTS =
      List.of(PUBLISH, SCALE, HEAP, DATASET_LIST, DATASET_SHOW, VERSION_LIST, DIFF_COUNTS);

  private final BenchRun bench;
  private final BenchConfig config;

  VersionsBenchmark(BenchConfig config, BenchProgress progress) {
    this.bench = new BenchRun(config, progress, SUBJECTS);
    this.config = config;
  }

  private static BenchSubject command(String id, String what) {
    return new BenchSubject(id, what, BARE_JAVA, Goal.atMost(1));
  }

  /** Measures the rows that were asked for, in the order above. */
  List<BenchRow> run() {
    return bench.rows(
        directory -> {
          List<BenchRow> rows = new ArrayList<>();
          rows.addAll(
              bench.scale(
                  ScaleTask.PUBLISH, SCALE_SAMPLES, SCALE, HEAP, directory.resolve("publish")));
          rows.addAll(millionRows(directory));
          return rows;
        });
  }

  private List<BenchRow> millionRows(Path directory) throws IOException {
    if (!bench.isAsked(PUBLISH, DATASET_LIST, DATASET_SHOW, VERSION_LIST, DIFF_COUNTS)) {
      return List.of();
    }
    Path datasets = directory.resolve("datasets");
    long samples = config.scaled(SAMPLES);
    List<BenchRow> rows = new ArrayList<>();
    try (SparkEngine engine = SparkEngine.start(config.threads())) {
      DatasetLayout dataset = withManyVersions(engine, datasets);
      bench.doing("Making a dataset of %s samples".formatted(samples));
      GeneratedDataset.grow(engine, dataset, samples, config.seed());
      if (bench.isAsked(PUBLISH)) {
        rows.add(bench.measure(PUBLISH, () -> publish(engine, dataset, directory)));
      }
      if (bench.isAsked(DIFF_COUNTS)) {
        bench.doing("Publishing two versions that differ");
        DatasetJobs.publish(engine, dataset, PublishRequest.DEFAULT);
        GeneratedDataset.change(engine, dataset);
        DatasetJobs.publish(engine, dataset, PublishRequest.DEFAULT);
      }
    }
    List<String> versions =
        DatasetCatalog.at(StorageUri.of(datasets)).history(MANY).versions().stream()
            .map(version -> version.name().value())
            .toList();
    String at = datasets.toString();
    rows.addAll(commandRow(DATASET_LIST, List.of("dataset", "list", "--datasets", at)));
    rows.addAll(
        commandRow(DATASET_SHOW, List.of("dataset", "show", MANY.value(), "--datasets", at)));
    rows.addAll(
        commandRow(VERSION_LIST, List.of("version", "list", MANY.value(), "--datasets", at)));
    rows.addAll(
        commandRow(
            DIFF_COUNTS,
            List.of(
                "version",
                "diff",
                MANY.value(),
                versions.get(versions.size() - 2),
                versions.get(versions.size() - 1),
                "--counts",
                "--datasets",
                at)));
    return rows;
  }

  /** All but the last versions are of few samples: a list reads what is recorded of each. */
  private DatasetLayout withManyVersions(SparkEngine engine, Path datasets) {
    bench.doing("Publishing %s versions".formatted(VERSIONS - 2));
    DatasetLayout dataset =
        GeneratedDataset.create(
            engine, datasets, MANY.value(), config.scaled(SMALL_SAMPLES), config.seed());
    for (int version = 0; version < VERSIONS - 2; version++) {
      DatasetJobs.publish(engine, dataset, PublishRequest.DEFAULT);
    }
    return dataset;
  }

  private BenchRow publish(SparkEngine engine, DatasetLayout dataset, Path directory)
      throws Exception {
    int[] count = {0};
    Duel duel =
        bench.fight(
            Duel.timed(() -> DatasetJobs.publish(engine, dataset, PublishRequest.DEFAULT)),
            () -> {
              Path table = directory.resolve("plain-" + count[0]++);
              double seconds = Duel.timed(() -> PlainDeltaWrite.run(engine, dataset, table)).run();
              BenchRun.delete(table);
              return seconds;
            });
    return BenchRow.measured(
        PUBLISH, duel.share(), "%s; %s samples".formatted(duel, config.scaled(SAMPLES)));
  }

  private List<BenchRow> commandRow(BenchSubject subject, List<String> arguments) {
    if (!bench.isAsked(subject)) {
      return List.of();
    }
    return List.of(
        bench.measure(
            subject,
            () -> {
              Duel duel =
                  bench.fight(
                      Duel.timed(() -> CommandProcess.millrace(arguments)),
                      Duel.timed(CommandProcess::bareJava));
              return BenchRow.measured(
                  subject,
                  duel.ours().median(),
                  "%s; bare Java %s".formatted(duel.ours(), duel.theirs()));
            }));
  }
}
