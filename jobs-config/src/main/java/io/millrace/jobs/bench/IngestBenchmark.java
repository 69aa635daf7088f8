package io.millrace.jobs.bench;

import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportFormat;
import io.millrace.jobs.bench.spark.SparkJsonRead;
import io.millrace.jobs.spark.SparkEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of imports; see its rows' subjects. */
final class IngestBenchmark {
  private static final long MANIFEST_LINES = 500_000;
  private static final long VOC_IMAGES = 10_000;
  private static final List<Long> SCALE_SAMPLES = List.of(10_000L, 100_000L, 1_000_000L);

  private static final BenchSubject MANIFEST_SPARK =
      new BenchSubject(
          "manifest-vs-spark-json",
          "manifest lines to samples on one core, times faster",
          "spark.read.json, explicit schema, local[1]",
          Goal.atLeast(8));
  private static final BenchSubject MANIFEST_JACKSON =
      new BenchSubject(
          "manifest-vs-jackson",
          "manifest lines to samples on one core, times faster",
          "Jackson's nextToken to the end",
          Goal.atLeast(1));
  private static final BenchSubject VOC_DATUMARO =
      new BenchSubject(
          "voc-vs-datumaro",
          "import of a VOC directory, times faster",
          "Datumaro " + Datumaro.VERSION,
          Goal.atLeast(5));
  private static final BenchSubject VOC_LOOP =
      new BenchSubject(
          "voc-vs-loop",
          "import of a VOC directory, times faster",
          "a loop in Java: list, header, XML",
          Goal.atLeast(0.5));
  private static final BenchSubject SCALE =
      new BenchSubject(
          "scale-exponent", "growth of import time, exponent", "linear growth", Goal.atMost(1.05));
  private static final BenchSubject HEAP =
      new BenchSubject(
          "driver-heap",
          "heap after a collection at the largest import, MB",
          "a heap of 1 GB for driver and tasks",
          Goal.atMost(1024));
  private static final List<BenchSubject> SUBJECTS =
      List.of(MANIFEST_SPARK, MANIFEST_JACKSON, VOC_DATUMARO, VOC_LOOP, SCALE, HEAP);

  private final BenchRun bench;
  private final BenchConfig config;

  IngestBenchmark(BenchConfig config, BenchProgress progress) {
    this.bench = new BenchRun(config, progress, SUBJECTS);
    this.config = config;
  }

  /** Measures the rows that were asked for, in the order above. */
  List<BenchRow> run() {
    return bench.rows(
        directory -> {
          List<BenchRow> rows = new ArrayList<>();
          rows.addAll(manifestRows(directory));
          rows.addAll(vocRows(directory));
          rows.addAll(
              bench.scale(
                  ScaleTask.IMPORT, SCALE_SAMPLES, SCALE, HEAP, directory.resolve("scale")));
          return rows;
        });
  }

  private List<BenchRow> manifestRows(Path directory) throws IOException {
    if (!bench.isAsked(MANIFEST_SPARK, MANIFEST_JACKSON)) {
      return List.of();
    }
    long lines = config.scaled(MANIFEST_LINES);
    Path manifest = directory.resolve("lines.manifest");
    bench.doing("Writing a manifest of %s lines".formatted(lines));
    double megabytes = ManifestFile.write(manifest, lines, config.seed()) / 1e6;
    Duel.Round ours = Duel.timed(() -> ManifestPass.samples(manifest, lines));
    List<BenchRow> rows = new ArrayList<>();
    if (bench.isAsked(MANIFEST_SPARK)) {
      rows.add(
          bench.measure(
              MANIFEST_SPARK,
              () -> {
                try (SparkEngine engine = SparkEngine.start(1)) {
                  Duel duel =
                      bench.fight(ours, Duel.timed(() -> SparkJsonRead.run(engine, manifest)));
                  return rowOf(MANIFEST_SPARK, duel, rates(megabytes, duel));
                }
              }));
    }
    if (bench.isAsked(MANIFEST_JACKSON)) {
      rows.add(
          bench.measure(
              MANIFEST_JACKSON,
              () -> {
                Duel duel = bench.fight(ours, Duel.timed(() -> ManifestPass.tokens(manifest)));
                return rowOf(MANIFEST_JACKSON, duel, rates(megabytes, duel));
              }));
    }
    Files.delete(manifest);
    return rows;
  }

  private List<BenchRow> vocRows(Path directory) throws IOException {
    if (!bench.isAsked(VOC_DATUMARO, VOC_LOOP)) {
      return List.of();
    }
    long images = config.scaled(VOC_IMAGES);
    Path voc = directory.resolve("VOC2026");
    bench.doing("Writing a VOC directory of %s images".formatted(images));
    VocDevkit.write(voc, images, config.seed());
    List<BenchRow> rows = new ArrayList<>();
    try (SparkEngine engine = SparkEngine.start(config.threads())) {
      FreshImport imports = new FreshImport(engine, directory.resolve("datasets"));
      int[] count = {0};
      Duel.Round ours =
          () ->
              imports.run(
                  "voc-" + count[0]++,
                  LabelTaskType.OBJECT_DETECTION,
                  voc,
                  ImportFormat.VOC,
                  images);
      if (bench.isAsked(VOC_DATUMARO)) {
        rows.add(
            bench.measure(
                VOC_DATUMARO,
                () -> {
                  Datumaro datumaro = Datumaro.installed(config.cache(), bench::doing);
                  Path script = Datumaro.script(directory);
                  Duel duel = bench.fight(ours, () -> datumaro.importVoc(script, voc, images));
                  return rowOf(VOC_DATUMARO, duel, images + " images");
                }));
      }
      if (bench.isAsked(VOC_LOOP)) {
        rows.add(
            bench.measure(
                VOC_LOOP,
                () -> {
                  Duel duel = bench.fight(ours, Duel.timed(() -> VocLoop.run(voc, images)));
                  return rowOf(VOC_LOOP, duel, images + " images");
                }));
      }
    }
    BenchRun.delete(voc);
    return rows;
  }

  private static BenchRow rowOf(BenchSubject subject, Duel duel, String more) {
    return BenchRow.measured(subject, duel.ratio(), "%s; %s".formatted(duel, more));
  }

  private static String rates(double megabytes, Duel duel) {
    return String.format(
        Locale.ROOT,
        "%.0f MB, %.0f and %.0f MB/s",
        megabytes,
        megabytes / duel.ours().median(),
        megabytes / duel.theirs().median());
  }
}
