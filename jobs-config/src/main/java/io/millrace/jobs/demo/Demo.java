package io.millrace.jobs.demo;

import io.millrace.analysis.AnalysisConfig;
import io.millrace.analysis.AnalysisReport;
import io.millrace.analysis.grouping.GroupedImages;
import io.millrace.analysis.grouping.GroupingConfig;
import io.millrace.analysis.grouping.GroupingReport;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Limits;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DatasetSummary;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.dataset.versioning.SplitPlan;
import io.millrace.inference.BatchConfig;
import io.millrace.inference.BatchInput;
import io.millrace.inference.BatchReport;
import io.millrace.inference.PartSelection;
import io.millrace.inference.TaskId;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.ImportReport;
import io.millrace.jobs.cli.Console;
import io.millrace.jobs.cli.ExitCode;
import io.millrace.jobs.spark.AnalysisJobs;
import io.millrace.jobs.spark.BatchJobs;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The whole loop over one data set: import, publish, analyse, group, train, score, evaluate.
 *
 * <p>Run again on the same directory it goes on from there: the import finds nothing new and the
 * next version is published.
 */
public final class Demo {
  private static final int GROUPS = 4;
  private static final int STEPS = 7;
  private static final int MAX_FINDINGS = 4;
  private static final String TRAIN_RATIO = "0.80";
  private static final String REPORT_PAGE = "report.html";
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  private final DemoConfig config;
  private final Console console;
  private final DemoTraining training;
  private final DemoProgress progress;
  private final DemoSummary summary = new DemoSummary();
  private DatasetVersion version;
  private TrainingResult trained;
  private Optional<BatchReport> scored = Optional.empty();

  /**
   * A demo that has not begun.
   *
   * @param examples the directory with the example {@code detector}
   */
  public Demo(DemoConfig config, Path examples, Console console) {
    this.config = config;
    this.console = console;
    this.training = new DemoTraining(config, examples.resolve("detector"));
    this.progress = new DemoProgress(console, STEPS);
  }

  /**
   * Runs all steps.
   *
   * @return {@link ExitCode#DONE}, {@link ExitCode#NO_TRAINING} where no Python imports torch, or
   *     {@link ExitCode#FAILED} where training or scoring failed
   * @throws DatasetException if a step cannot be done
   */
  public int run() throws Exception {
    long started = System.nanoTime();
    Path out = config.output().toAbsolutePath().normalize();
    checkSource(out);
    Files.createDirectories(out);
    try (SparkEngine engine = startEngine()) {
      runSteps(engine, out);
    }
    summary.addSeconds((System.nanoTime() - started) / 1e9);
    summary.write(out.resolve("summary.json"));
    printSummary(out);
    return exitCode();
  }

  private void runSteps(SparkEngine engine, Path out) throws Exception {
    Path source = progress.step(sourceTitle(), () -> drawnOrGiven(out));
    DatasetLayout dataset =
        progress.step("Import the pictures", () -> importAll(engine, out, source));
    version =
        progress.step("Publish a version, split for training", () -> publish(engine, dataset));
    DatasetRef ref = DatasetRef.of(datasetName(), version.name());
    progress.step("Analyse " + ref, () -> analyze(engine, dataset, ref, out));
    progress.step("Group what looks alike", () -> group(engine, dataset));
    trained =
        progress.step(
            "Train a detector on " + ref + ", 2 nodes",
            () -> training.run(ref, dataset.annotation(version.name()), out, progress));
    summary.add(trained);
    scored =
        progress.step("Score and evaluate the EVAL part", () -> score(engine, dataset, ref, out));
  }

  private SparkEngine startEngine() {
    long started = System.nanoTime();
    SparkEngine engine = SparkEngine.start(config.threads());
    console.line(
        String.format(
            Locale.ROOT,
            "Started Spark %s with %d threads in %.1f s",
            engine.version(),
            config.threads(),
            (System.nanoTime() - started) / 1e9));
    return engine;
  }

  private void checkSource(Path out) {
    if (config.source().isEmpty()) {
      return;
    }
    Path source = config.source().get().toAbsolutePath().normalize();
    if (!Files.isDirectory(source)) {
      throw new DatasetException(
          "Cannot use %s as the demo's source: there is no such directory. Give one in the VOC layout (JPEGImages and Annotations), or leave --source out to draw pictures."
              .formatted(source));
    }
    if (out.startsWith(source)) {
      throw new DatasetException(
          "Cannot write the demo's output to %s: it lies inside the source %s. Give another --out."
              .formatted(out, source));
    }
  }

  private String sourceTitle() {
    return config.source().isPresent()
        ? "Take the pictures given"
        : "Draw " + config.pictures() + " pictures of cells";
  }

  private Path drawnOrGiven(Path out) throws IOException {
    if (config.source().isPresent()) {
      Path source = config.source().get().toAbsolutePath().normalize();
      progress.found(source.toString());
      return source;
    }
    Path data = out.resolve("data");
    new DemoData(config.pictures(), config.seed()).writeTo(data);
    progress.found(data + " (seed " + config.seed() + ")");
    return data;
  }

  /** The source directory's name where it can name a dataset, else {@code cells}. */
  private DatasetName datasetName() {
    return config
        .source()
        .map(source -> source.toAbsolutePath().normalize().getFileName().toString())
        .filter(name -> NAME.matcher(name).matches())
        .map(DatasetName::new)
        .orElse(new DatasetName("cells"));
  }

  private DatasetLayout importAll(SparkEngine engine, Path out, Path source) {
    DatasetCatalog catalog = DatasetCatalog.at(StorageUri.of(out.resolve("datasets")));
    DatasetName name = datasetName();
    DatasetLayout dataset =
        catalog.list().stream()
            .filter(existing -> existing.info().name().equals(name))
            .map(DatasetSummary::layout)
            .findFirst()
            .orElseGet(
                () ->
                    catalog.create(
                        name,
                        LabelTaskType.OBJECT_DETECTION,
                        "Made by millrace demo",
                        Clock.systemUTC()));
    ImportReport report =
        DatasetJobs.importInto(
            engine, ImportConfig.of(dataset, StorageUri.of(source), ImportFormat.VOC));
    summary.add(report);
    progress.found(report.toText());
    return dataset;
  }

  private DatasetVersion publish(SparkEngine engine, DatasetLayout dataset) {
    DatasetVersion published =
        DatasetJobs.publish(
            engine,
            dataset,
            PublishRequest.DEFAULT.withSplit(SplitPlan.ofRatio(TRAIN_RATIO, config.seed())));
    summary.add(published);
    progress.found(
        "%s@%s: %d samples %s"
            .formatted(datasetName(), published.name(), published.samples(), published.parts()));
    return published;
  }

  private AnalysisReport analyze(
      SparkEngine engine, DatasetLayout dataset, DatasetRef ref, Path out) {
    AnalysisReport report =
        AnalysisJobs.analyze(
            engine,
            dataset,
            AnalysisConfig.of(ref)
                .withReportFile(out.resolve(REPORT_PAGE))
                .withJsonFile(out.resolve("analysis.json")));
    summary.add(report);
    report.findings().stream()
        .limit(MAX_FINDINGS)
        .forEach(finding -> progress.found(finding.text().english()));
    return report;
  }

  private GroupingReport group(SparkEngine engine, DatasetLayout dataset) {
    GroupingConfig grouping =
        new GroupingConfig(
            GROUPS,
            GroupingConfig.DEFAULT_ATTRIBUTE,
            GroupedImages.ALL,
            config.seed(),
            GroupingConfig.DEFAULT_REPRESENTATIVES,
            Limits.DEFAULT);
    GroupingReport report = AnalysisJobs.group(engine, dataset, grouping);
    summary.add(report);
    report
        .groups()
        .forEach(
            group -> progress.found("group %s: %d images".formatted(group.name(), group.size())));
    return report;
  }

  private Optional<BatchReport> score(
      SparkEngine engine, DatasetLayout dataset, DatasetRef ref, Path out) {
    Optional<Path> model = trained.model().or(this::shippedModel);
    if (model.isEmpty()) {
      progress.found("Not run: there is no model for these pictures without training.");
      return Optional.empty();
    }
    BatchReport report =
        BatchJobs.run(
            engine,
            BatchConfig.of(
                TaskId.random(),
                StorageUri.of(model.get()),
                new BatchInput.Version(dataset, ref, PartSelection.EVAL),
                StorageUri.of(out.resolve("scores"))));
    summary.add(report);
    progress.found(report.toLine());
    return Optional.of(report);
  }

  /** The model that comes with the example: it was trained on drawn pictures and fits no others. */
  private Optional<Path> shippedModel() {
    if (config.source().isPresent()) {
      return Optional.empty();
    }
    progress.found("Without training: the model that comes with the example is used.");
    return Optional.of(training.shippedModel());
  }

  private void printSummary(Path out) {
    console.line("");
    console.line("Summary");
    summary.toText().lines().forEach(console::line);
    console.line("");
    console.line("report     " + out.resolve(REPORT_PAGE));
    console.line("manifest   " + version.manifest());
    scored.ifPresent(report -> console.line("results    " + report.table()));
    console.line("summary    " + out.resolve("summary.json"));
    console.json(summary.toJson());
  }

  private int exitCode() {
    if (!trained.ran()) {
      return ExitCode.NO_TRAINING;
    }
    boolean allScored = scored.isPresent() && scored.get().failed() == 0;
    return trained.model().isPresent() && allScored ? ExitCode.DONE : ExitCode.FAILED;
  }
}
