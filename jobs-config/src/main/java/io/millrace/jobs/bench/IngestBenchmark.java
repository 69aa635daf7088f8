package io.millrace.jobs.bench;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportFormat;
import io.millrace.jobs.bench.spark.SparkJsonRead;
import io.millrace.jobs.spark.SparkEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger log = LoggerFactory.getLogger(IngestBenchmark.class);
  private static final List<BenchSubject> SUBJECTS =
      List.of(MANIFEST_SPARK, MANIFEST_JACKSON, VOC_DATUMARO, VOC_LOOP, SCALE, HEAP);

  private final BenchConfig config;
  private final BenchProgress progress;

  IngestBenchmark(BenchConfig config, BenchProgress progress) {
    List<String> known = SUBJECTS.stream().map(BenchSubject::id).toList();
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

  /** Measures the rows that were asked for, in the order above. */
  List<BenchRow> run() {
    try {
      Path directory = Files.createTempDirectory("millrace-bench-");
      Thread atInterrupt = new Thread(() -> deleteAtExit(directory));
      Runtime.getRuntime().addShutdownHook(atInterrupt);
      try {
        List<BenchRow> rows = new ArrayList<>();
        rows.addAll(manifestRows(directory));
        rows.addAll(vocRows(directory));
        rows.addAll(scaleRows(directory));
        return config.scale() < 1 ? rows.stream().map(BenchRow::withoutVerdict).toList() : rows;
      } finally {
        Runtime.getRuntime().removeShutdownHook(atInterrupt);
        delete(directory);
      }
    } catch (IOException e) {
      throw new DatasetException("Cannot keep the benchmark's data: " + e.getMessage(), e);
    }
  }

  private List<BenchRow> manifestRows(Path directory) throws IOException {
    if (!isAsked(MANIFEST_SPARK) && !isAsked(MANIFEST_JACKSON)) {
      return List.of();
    }
    long lines = config.scaled(MANIFEST_LINES);
    Path manifest = directory.resolve("lines.manifest");
    progress.doing("Writing a manifest of %s lines".formatted(lines));
    double megabytes = ManifestFile.write(manifest, lines, config.seed()) / 1e6;
    Duel.Round ours = Duel.timed(() -> ManifestPass.samples(manifest, lines));
    List<BenchRow> rows = new ArrayList<>();
    if (isAsked(MANIFEST_SPARK)) {
      rows.add(
          measure(
              MANIFEST_SPARK,
              () -> {
                try (SparkEngine engine = SparkEngine.start(1)) {
                  Duel duel = fight(ours, Duel.timed(() -> SparkJsonRead.run(engine, manifest)));
                  return rowOf(MANIFEST_SPARK, duel, rates(megabytes, duel));
                }
              }));
    }
    if (isAsked(MANIFEST_JACKSON)) {
      rows.add(
          measure(
              MANIFEST_JACKSON,
              () -> {
                Duel duel = fight(ours, Duel.timed(() -> ManifestPass.tokens(manifest)));
                return rowOf(MANIFEST_JACKSON, duel, rates(megabytes, duel));
              }));
    }
    Files.delete(manifest);
    return rows;
  }

  private List<BenchRow> vocRows(Path directory) throws IOException {
    if (!isAsked(VOC_DATUMARO) && !isAsked(VOC_LOOP)) {
      return List.of();
    }
    long images = config.scaled(VOC_IMAGES);
    Path voc = directory.resolve("VOC2026");
    progress.doing("Writing a VOC directory of %s images".formatted(images));
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
      if (isAsked(VOC_DATUMARO)) {
        rows.add(
            measure(
                VOC_DATUMARO,
                () -> {
                  Datumaro datumaro = Datumaro.installed(config.cache(), progress);
                  Path script = Datumaro.script(directory);
                  Duel duel = fight(ours, () -> datumaro.importVoc(script, voc, images));
                  return rowOf(VOC_DATUMARO, duel, images + " images");
                }));
      }
      if (isAsked(VOC_LOOP)) {
        rows.add(
            measure(
                VOC_LOOP,
                () -> {
                  Duel duel = fight(ours, Duel.timed(() -> VocLoop.run(voc, images)));
                  return rowOf(VOC_LOOP, duel, images + " images");
                }));
      }
    }
    delete(voc);
    return rows;
  }

  private List<BenchRow> scaleRows(Path directory) throws IOException {
    if (!isAsked(SCALE) && !isAsked(HEAP)) {
      return List.of();
    }
    List<Long> sizes = SCALE_SAMPLES.stream().map(config::scaled).toList();
    progress.doing("Importing %s labelled texts, with a heap of 1 GB".formatted(sizes));
    ImportScale[] scale = new ImportScale[1];
    BenchRow exponent =
        measure(
            SCALE,
            () -> {
              scale[0] =
                  ImportScaleProcess.run(
                      config, sizes, Files.createDirectories(directory.resolve("scale")));
              return BenchRow.measured(
                  SCALE, scale[0].exponent(), "texts of a manifest, after a warm-up: " + scale[0]);
            });
    BenchRow heap =
        scale[0] == null
            ? BenchRow.unmeasured(HEAP, exponent.detail())
            : BenchRow.measured(
                HEAP, scale[0].last().peakBytes() / 1048576.0, "heap peaks: " + scale[0]);
    return Stream.of(exponent, heap).filter(row -> isAsked(row.id())).toList();
  }

  /** A row, also where it cannot be measured. */
  private BenchRow measure(BenchSubject subject, Measurement measurement) {
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

  @FunctionalInterface
  private interface Measurement {
    BenchRow row() throws Exception;
  }

  private Duel fight(Duel.Round ours, Duel.Round theirs) throws Exception {
    return Duel.fight(ours, theirs, config.warmUps(), config.rounds());
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

  private boolean isAsked(BenchSubject subject) {
    return isAsked(subject.id());
  }

  private boolean isAsked(String id) {
    return config.only().isEmpty() || config.only().contains(id);
  }

  /** What an interrupted benchmark leaves; processes that still write may bring files back. */
  private static void deleteAtExit(Path directory) {
    try {
      delete(directory);
    } catch (IOException e) {
      log.warn("Could not delete all of {}", directory, e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
