package io.millrace.jobs.bench;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.export.format.ExportFormats;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.jobs.bench.spark.GeneratedDataset;
import io.millrace.jobs.bench.spark.PlainWrites;
import io.millrace.jobs.bench.spark.RowDiffs;
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
      command("diff-counts", "version diff, two versions of a million samples, s");
  private static final BenchSubject DIFF_ROWS =
      new BenchSubject(
          "diff-rows",
          "rows that differ of two versions of a million, times the time of",
          "a full outer join of the same rows on id, comparing JSON",
          Goal.atMost(1));
  private static final BenchSubject EXPORT =
      new BenchSubject(
          "export-manifest",
          "export of a million samples as one manifest, times the time of",
          "spark.write.json of the same rows, in many files",
          Goal.atMost(1.5));
  private static final List<BenchSubject> SUBJECTS =
      List.of(
          SCALE,
          HEAP,
          PUBLISH,
          EXPORT,
          DIFF_ROWS,
          DATASET_LIST,
          DATASET_SHOW,
          VERSION_LIST,
          DIFF_COUNTS);

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
    if (!bench.isAsked(
        PUBLISH, EXPORT, DIFF_ROWS, DATASET_LIST, DATASET_SHOW, VERSION_LIST, DIFF_COUNTS)) {
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
      if (bench.isAsked(EXPORT)) {
        rows.add(bench.measure(EXPORT, () -> export(engine, dataset, directory)));
      }
      bench.doing("Publishing two versions that differ");
      DatasetVersion before = DatasetJobs.publish(engine, dataset, PublishRequest.DEFAULT);
      GeneratedDataset.change(engine, dataset);
      DatasetVersion after = DatasetJobs.publish(engine, dataset, PublishRequest.DEFAULT);
      if (bench.isAsked(DIFF_ROWS)) {
        rows.add(
            bench.measure(
                DIFF_ROWS,
                () -> {
                  RowDiffs diffs =
                      new RowDiffs(
                          engine, DatasetCatalog.at(StorageUri.of(datasets)), MANY, before, after);
                  int[] count = {0};
                  Duel duel =
                      bench.fight(
                          () -> thenDeleted(directory.resolve("diff-" + count[0]), diffs::byHashes),
                          () ->
                              thenDeleted(directory.resolve("join-" + count[0]++), diffs::byJoin));
                  return BenchRow.measured(DIFF_ROWS, duel.share(), duel.toString());
                }));
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
            () ->
                thenDeleted(
                    directory.resolve("plain-" + count[0]++),
                    target -> PlainWrites.delta(engine, dataset, target)));
    return BenchRow.measured(
        PUBLISH, duel.share(), "%s; %s samples".formatted(duel, config.scaled(SAMPLES)));
  }

  private BenchRow export(SparkEngine engine, DatasetLayout dataset, Path directory)
      throws Exception {
    int[] count = {0};
    Duel duel =
        bench.fight(
            () ->
                thenDeleted(
                    directory.resolve("export-" + count[0]),
                    target ->
                        DatasetJobs.export(
                            engine,
                            dataset,
                            ExportConfig.of(
                                new ExportSource.WorkingState(),
                                ExportFormats.parse("manifest"),
                                StorageUri.of(target)))),
            () ->
                thenDeleted(
                    directory.resolve("json-" + count[0]++),
                    target -> PlainWrites.json(engine, dataset, target)));
    return BenchRow.measured(
        EXPORT, duel.share(), "%s; %s samples".formatted(duel, config.scaled(SAMPLES)));
  }

  private interface Write {
    void to(Path target) throws Exception;
  }

  /** The seconds of a writing, whose result is deleted after they were taken. */
  private static double thenDeleted(Path target, Write write) throws Exception {
    double seconds = Duel.timed(() -> write.to(target)).run();
    BenchRun.delete(target);
    return seconds;
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
