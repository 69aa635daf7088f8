package io.millrace.jobs.cli;

import io.millrace.analysis.AnalysisConfig;
import io.millrace.analysis.AnalysisReport;
import io.millrace.analysis.Metric;
import io.millrace.analysis.VersionAnalysis;
import io.millrace.analysis.distribution.Summary;
import io.millrace.analysis.distribution.View;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.Limits;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.jobs.spark.AnalysisJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace analyze}. */
@Command(
    name = "analyze",
    description = "Measure the images and boxes of published versions, and compare the versions.")
final class AnalyzeCommand implements Callable<Integer> {
  @ParentCommand MillraceCommand millrace;
  @Spec CommandSpec spec;
  @Mixin SparkOptions spark;

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME[@VERSION]",
      description = "Versions of one dataset; without @VERSION the current one.")
  List<DatasetRef> versions;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write an HTML page that needs no network.")
  Path report;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
  Path json;

  @Override
  public Integer call() {
    DatasetLayout layout = millrace.options.catalog().find(versions.get(0).dataset());
    AnalysisConfig config =
        new AnalysisConfig(
            versions,
            Optional.ofNullable(report),
            Optional.ofNullable(json),
            AnalysisConfig.DEFAULT_EXAMPLES,
            Limits.DEFAULT);
    try (SparkEngine engine = spark.start()) {
      AnalysisReport result = AnalysisJobs.analyze(engine, layout, config);
      Console console = millrace.options.console(spec);
      result.versions().forEach(version -> print(console, version));
      result.findings().forEach(finding -> console.line(finding.text().english()));
      Optional.ofNullable(report).ifPresent(file -> console.line("report: " + file));
      console.json(result.toJson());
    }
    return ExitCode.DONE;
  }

  private static void print(Console console, VersionAnalysis analysis) {
    console.line(
        String.format(
            Locale.ROOT,
            "%s: %d images measured, %d unreadable, %.1f images/s",
            analysis.version(),
            analysis.measured(),
            analysis.unreadableCount(),
            analysis.imagesPerSecond()));
    console.table(
        List.of("METRIC", "VALUES", "MIN", "MEDIAN", "MEAN", "MAX", "OUTLIERS"),
        analysis.distributions().entrySet().stream()
            .map(entry -> row(entry.getKey(), entry.getValue().get(View.ALL).summary()))
            .toList());
  }

  private static List<String> row(Metric metric, Summary values) {
    return List.of(
        metric.id(),
        Long.toString(values.count()),
        number(values.min()),
        number(values.median()),
        number(values.mean()),
        number(values.max()),
        Long.toString(values.lowOutliers() + values.highOutliers()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
