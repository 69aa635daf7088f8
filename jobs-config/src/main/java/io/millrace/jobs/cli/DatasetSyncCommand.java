package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DatasetSummary;
import io.millrace.dataset.delta.ImportLog;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.ImportReport;
import io.millrace.jobs.spark.SparkEngine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace dataset sync}. */
@Command(
    name = "sync",
    description =
        "Import every source of a dataset again: what is new is added, what changed is updated,"
            + " what is gone is marked or removed.")
final class DatasetSyncCommand implements Callable<Integer> {
  @ParentCommand DatasetCommand dataset;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  DatasetName name;

  @Mixin BranchOption branch;

  @Mixin ImportOptions options;

  @Mixin SparkOptions spark;

  @Override
  public Integer call() {
    DatasetSummary into = branch.show(dataset.millrace.options, name);
    if (into.info().taskType() == LabelTaskType.TABLE) {
      throw new DatasetException(
          "Cannot sync dataset %s: the sources of tables are not on record. Import each of them again: what did not change is left alone."
              .formatted(name));
    }
    DatasetLayout layout = into.layout();
    List<ImportConfig> sources =
        ImportLog.of(layout).read().stream()
            .map(before -> Map.entry(before.source(), ImportFormat.parse(before.format())))
            .distinct()
            .map(source -> options.config(layout, source.getKey(), source.getValue()))
            .toList();
    Console console = dataset.millrace.options.console(spec);
    ArrayNode reports = JsonNodeFactory.instance.arrayNode();
    if (sources.isEmpty()) {
      console.line(
          "Nothing was imported into %s yet. Begin with: millrace dataset import %s SOURCE"
              .formatted(name, name));
    } else {
      try (SparkEngine engine = spark.start()) {
        for (ImportConfig config : sources) {
          ImportReport report = DatasetImportCommand.imported(engine, config, options, spec);
          console.line("%s (%s)".formatted(config.source(), config.format()));
          console.line("  " + report.toText().replace("\n", "\n  "));
          reports.addRawValue(new RawValue(report.toJson()));
        }
      }
    }
    console.json(reports);
    return ExitCode.DONE;
  }
}
