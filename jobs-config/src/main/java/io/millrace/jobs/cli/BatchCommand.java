package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.StorageUri;
import io.millrace.inference.BatchConfig;
import io.millrace.inference.BatchInput;
import io.millrace.inference.BatchReport;
import io.millrace.inference.PartSelection;
import io.millrace.inference.TaskId;
import io.millrace.jobs.spark.BatchJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The command {@code millrace batch}. */
@Command(name = "batch", description = "Score images with a model.")
final class BatchCommand extends CommandGroup {
  @ParentCommand MillraceCommand millrace;

  @Command(
      name = "run",
      description =
          "Score a dataset version, a directory or a manifest; every input gets one line.")
  int run(
      @Option(
              names = "--model",
              required = true,
              paramLabel = "DIR|FILE",
              description = "A directory with model.yaml and the .onnx file that it names.")
          StorageUri model,
      @Option(
              names = "--input",
              required = true,
              paramLabel = "INPUT",
              description = "NAME@VERSION, a directory, or a file whose name ends in .manifest.")
          String input,
      @Option(
              names = "--part",
              paramLabel = "PART",
              defaultValue = "all",
              description = "Of a version: ${COMPLETION-CANDIDATES} (default: all).")
          PartSelection part,
      @Option(
              names = "--output",
              required = true,
              paramLabel = "DIR",
              description = "Where results go; not inside the input.")
          StorageUri output,
      @Option(
              names = "--task-id",
              paramLabel = "ID",
              description = "Run again under the same id to score only what is missing.")
          TaskId taskId,
      @Option(
              names = "--max-failures",
              paramLabel = "N|P%",
              description = "More failed inputs than that make the task fail (default: no limit).")
          FailureLimit maxFailures,
      @Option(
              names = "--batch-size",
              paramLabel = "N",
              defaultValue = "8",
              description = "Images that the model gets at once (default: 8).")
          int batchSize,
      @Mixin SparkOptions spark) {
    BatchConfig config =
        BatchConfig.of(
                Optional.ofNullable(taskId).orElseGet(TaskId::random),
                model,
                inputOf(input, part),
                output)
            .withMaxFailures(
                Optional.ofNullable(maxFailures).orElse(BatchConfig.DEFAULT_MAX_FAILURES))
            .withBatchSize(batchSize);
    try (SparkEngine engine = spark.start()) {
      BatchReport report = BatchJobs.run(engine, config);
      Console console = millrace.options.console(spec);
      report.toLine().lines().forEach(console::line);
      report.manifests().forEach(manifest -> console.line("manifest: " + manifest));
      console.line("table:    " + report.table());
      console.json(report.toJson());
      return report.verdict() == BatchReport.Verdict.SUCCEEDED ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private BatchInput inputOf(String input, PartSelection part) {
    if (!References.isVersion(input)) {
      return BatchInput.of(MillraceCommand.address(input));
    }
    DatasetRef ref = DatasetRef.parse(input);
    return new BatchInput.Version(millrace.options.catalog().find(ref.dataset()), ref, part);
  }
}
