package io.millrace.analysis.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;

import io.millrace.analysis.AnalysisConfig;
import io.millrace.analysis.AnalysisReport;
import io.millrace.analysis.Metric;
import io.millrace.analysis.VersionAnalysis;
import io.millrace.analysis.VersionMeasurements;
import io.millrace.analysis.distribution.Bins;
import io.millrace.analysis.image.DecodedImage;
import io.millrace.analysis.image.ImageFiles;
import io.millrace.analysis.image.ImageScaling;
import io.millrace.analysis.report.HtmlReport;
import io.millrace.analysis.report.Thumbnail;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.dataset.versioning.DatasetHistory;
import io.millrace.dataset.versioning.DatasetVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the images of published versions: each is decoded once; the values go to the table
 * {@code metrics}, replacing those of an earlier analysis of the version, and their distributions
 * into the report.
 *
 * <p>Of an object detection the labelled images are measured, of an image classification all.
 */
public final class AnalysisJob {
  private static final Logger LOG = LoggerFactory.getLogger(AnalysisJob.class);
  private static final int THUMBNAIL_SIDE = 224;
  private static final int TASKS_PER_CORE = 4;

  private final SparkSession spark;
  private final DatasetTable table;
  private final AnalysisConfig config;
  private final Clock clock;

  public AnalysisJob(SparkSession spark, DatasetTable table, AnalysisConfig config, Clock clock) {
    this.spark = requireNonNull(spark, "spark is null");
    this.table = requireNonNull(table, "table is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * Runs the analysis.
   *
   * @throws DatasetException for a version that does not exist, one without a labelled image, a
   *     label task type without metrics, or a file that cannot be written
   */
  public AnalysisReport run() {
    config.reportFile().ifPresent(AnalysisJob::prepare);
    config.jsonFile().ifPresent(AnalysisJob::prepare);
    List<DatasetVersion> versions = versions();
    LabelTaskType taskType = taskType(versions);
    List<Measured> measured = versions.stream().map(version -> measure(version, taskType)).toList();
    Map<Metric, Bins> bins =
        AnalysisReport.sharedBins(measured.stream().map(Measured::measurements).toList());
    List<VersionAnalysis> analyses =
        measured.stream().map(each -> each.measurements.toAnalysis(bins, each.took)).toList();
    AnalysisReport report =
        new AnalysisReport(table.info().name(), taskType, clock.instant(), bins, analyses);
    config.jsonFile().ifPresent(file -> write(file, report.toJson()));
    config
        .reportFile()
        .ifPresent(file -> write(file, HtmlReport.render(report, thumbnails(report))));
    return report;
  }

  private List<DatasetVersion> versions() {
    DatasetHistory history = table.history();
    List<DatasetVersion> versions = config.versions().stream().map(history::resolve).toList();
    if (versions.stream().map(DatasetVersion::name).distinct().count() < versions.size()) {
      throw new DatasetException(
          "Cannot compare %s: two of them are the same version. Name each version once."
              .formatted(config.versions()));
    }
    return versions;
  }

  private static LabelTaskType taskType(List<DatasetVersion> versions) {
    List<LabelTaskType> types = versions.stream().map(DatasetVersion::taskType).distinct().toList();
    if (types.size() > 1) {
      throw new DatasetException(
          "Cannot compare versions of the label task types %s: they have different metrics. Analyse them one by one."
              .formatted(types));
    }
    LabelTaskType type = types.get(0);
    if (Metric.of(type).isEmpty()) {
      throw new DatasetException(
          "Cannot analyse a version of label task type %s: there are metrics for IMAGE_CLASSIFICATION and OBJECT_DETECTION only."
              .formatted(type));
    }
    return type;
  }

  private Measured measure(DatasetVersion version, LabelTaskType taskType) {
    long start = System.nanoTime();
    Dataset<Row> rows =
        selected(version, taskType)
            .repartition(spark.sparkContext().defaultParallelism() * TASKS_PER_CORE)
            .map(
                new MeasureImage(taskType, config.limits().imageBytes()),
                Encoders.row(MeasuredRows.SCHEMA))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long taken = rows.count();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (taken == 0) {
        throw nothingToMeasure(version);
      }
      table.replaceMetrics(version.name(), MeasuredRows.metrics(rows, version));
      VersionMeasurements measurements = gather(version, rows);
      LOG.info(
          "Measured {}@{}: {} images in {} ms",
          table.info().name(),
          version.name(),
          taken,
          took.toMillis());
      return new Measured(measurements, took);
    } finally {
      rows.unpersist();
    }
  }

  private Dataset<Row> selected(DatasetVersion version, LabelTaskType taskType) {
    Dataset<Row> samples = table.version(version);
    return taskType == LabelTaskType.OBJECT_DETECTION
        ? samples.where(size(col("annotations")).gt(0))
        : samples;
  }

  /** Row by row to the driver, which keeps the values alone. */
  private VersionMeasurements gather(DatasetVersion version, Dataset<Row> rows) {
    VersionMeasurements measurements =
        new VersionMeasurements(version.name(), version.samples(), config.examples());
    for (Iterator<Row> each = rows.toLocalIterator(); each.hasNext(); ) {
      measurements.add(MeasuredRows.toSample(each.next()));
    }
    return measurements;
  }

  private DatasetException nothingToMeasure(DatasetVersion version) {
    return new DatasetException(
        "Cannot analyse %s@%s: it has no labelled image among %s. Label some and publish again."
            .formatted(table.info().name(), version.name(), version.samples()));
  }

  private List<Thumbnail> thumbnails(AnalysisReport report) {
    ImageFiles files = new ImageFiles(config.limits().imageBytes());
    List<Thumbnail> thumbnails = new ArrayList<>();
    HtmlReport.pictured(report)
        .forEach(
            extreme -> {
              if (files.read(extreme.source()) instanceof DecodedImage.Pixels pixels) {
                byte[] jpeg = ImageScaling.thumbnail(pixels.image(), THUMBNAIL_SIDE);
                thumbnails.add(
                    new Thumbnail(
                        extreme.id(),
                        pixels.image().width(),
                        pixels.image().height(),
                        "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg)));
              }
            });
    return thumbnails;
  }

  /** Finds out before the long work whether a file can be written after it. */
  private static void prepare(Path file) {
    if (Files.isDirectory(file)) {
      throw new DatasetException(
          "Cannot write the report to %s: it is a directory. Name a file in it.".formatted(file));
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
      LOG.info("Wrote {}", file);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static DatasetException cannotWrite(Path file, IOException cause) {
    return new DatasetException(
        "Cannot write the report to %s: %s. Name a file in a directory that you may write to."
            .formatted(file, cause.getMessage()),
        cause);
  }

  private record Measured(VersionMeasurements measurements, Duration took) {}
}
