package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.versioning.GcReport;
import io.millrace.dataset.versioning.GcReport.Garbage;
import io.millrace.dataset.versioning.GcReport.GcMode;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace dataset gc}. */
@Command(
    name = "gc",
    description =
        "Show what nothing in a dataset refers to, or remove it: what deleted versions and branches"
            + " left, publishings that never ended, copies without a sample, old files of tables."
            + " Do not run it beside an import with --copy.")
final class DatasetGcCommand implements Callable<Integer> {
  @ParentCommand DatasetCommand dataset;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  DatasetName name;

  @Option(names = "--yes", description = "Remove it (default: a dry run).")
  boolean remove;

  @Mixin SparkOptions spark;

  @Override
  public Integer call() {
    DatasetLayout layout = dataset.millrace.options.catalog().find(name);
    try (SparkEngine engine = spark.start()) {
      GcReport report =
          DatasetJobs.collectGarbage(engine, layout, remove ? GcMode.REMOVE : GcMode.DRY_RUN);
      Console console = dataset.millrace.options.console(spec);
      print(console, report);
      console.json(json(report));
    }
    return ExitCode.DONE;
  }

  private void print(Console console, GcReport report) {
    if (report.garbage().isEmpty()) {
      console.line("Nothing to remove.");
      return;
    }
    console.table(
        List.of("KIND", "WHAT", "FILES", "SIZE"),
        report.garbage().stream()
            .map(
                garbage ->
                    List.of(
                        kind(garbage),
                        garbage.what(),
                        Long.toString(garbage.files()),
                        Console.bytes(garbage.bytes())))
            .toList());
    console.line(
        remove
            ? "Removed. Rows of tables leave the disk when they are seven days old."
            : "Nothing was removed. To remove it: millrace dataset gc %s --yes".formatted(name));
  }

  private static ObjectNode json(GcReport report) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("mode", report.mode().name().toLowerCase(Locale.ROOT))
            .put("bytes", report.bytes());
    ArrayNode garbage = json.putArray("garbage");
    for (Garbage each : report.garbage()) {
      garbage
          .addObject()
          .put("kind", kind(each))
          .put("what", each.what())
          .put("files", each.files())
          .put("bytes", each.bytes());
    }
    return json;
  }

  private static String kind(Garbage garbage) {
    return garbage.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
