package io.millrace.jobs.cli;

import io.millrace.analysis.grouping.GroupedImages;
import io.millrace.analysis.grouping.GroupingConfig;
import io.millrace.analysis.grouping.GroupingReport;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.Limits;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.jobs.spark.AnalysisJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace group}. */
@Command(
    name = "group",
    description = "Group images that look alike; each sample gets its group as a property.")
final class GroupCommand implements Callable<Integer> {
  @ParentCommand MillraceCommand millrace;
  @Spec CommandSpec spec;
  @Mixin SparkOptions spark;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  DatasetName dataset;

  @Option(
      names = "--groups",
      paramLabel = "N",
      required = true,
      description = "How many groups to form, 2 to 200.")
  int groups;

  @Option(
      names = "--attribute",
      paramLabel = "NAME",
      description = "The property that takes the group (default: ${DEFAULT-VALUE}).")
  String attribute = GroupingConfig.DEFAULT_ATTRIBUTE;

  @Option(
      names = "--images",
      paramLabel = "WHICH",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  GroupedImages images = GroupedImages.ALL;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed and images give the same groups (default: ${DEFAULT-VALUE}).")
  long seed = GroupingConfig.DEFAULT_SEED;

  @Override
  public Integer call() {
    GroupingConfig config =
        new GroupingConfig(
            groups,
            attribute,
            images,
            seed,
            GroupingConfig.DEFAULT_REPRESENTATIVES,
            Limits.DEFAULT);
    DatasetLayout layout = millrace.options.catalog().find(dataset);
    try (SparkEngine engine = spark.start()) {
      GroupingReport report = AnalysisJobs.group(engine, layout, config);
      Console console = millrace.options.console(spec);
      console.line(
          "Grouped %d images into %d groups by '%s'"
              .formatted(report.grouped(), report.groups().size(), report.attribute()));
      console.table(
          List.of("GROUP", "SIZE", "TYPICAL"),
          report.groups().stream()
              .map(
                  group ->
                      List.of(
                          group.name(),
                          Long.toString(group.size()),
                          group.representatives().stream()
                              .findFirst()
                              .map(sample -> sample.source().fileName())
                              .orElse("-")))
              .toList());
      console.json(report.toJson());
    }
    return ExitCode.DONE;
  }
}
