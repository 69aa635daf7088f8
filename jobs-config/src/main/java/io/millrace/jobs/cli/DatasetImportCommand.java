package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetSummary;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.ImportReport;
import io.millrace.ingestion.table.JdbcCredentials;
import io.millrace.ingestion.table.TableImportConfig;
import io.millrace.ingestion.table.TableImportReport;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace dataset import}. */
@Command(
    name = "import",
    description =
        "Import a directory, a manifest, another file or a table; every input is taken or refused"
            + " with a reason.")
final class DatasetImportCommand implements Callable<Integer> {
  @ParentCommand DatasetCommand dataset;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
  DatasetName name;

  @Parameters(
      index = "1",
      paramLabel = "SOURCE",
      description = "A directory, a file, or jdbc: and a database.")
  ImportSource source;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "auto",
      description =
          "How the source is laid out: ${COMPLETION-CANDIDATES} (default: auto, which says what it"
              + " recognised).")
  ImportFormat format;

  @Mixin BranchOption branch;

  @Mixin ImportOptions options;

  @Mixin TableOptions tables;

  @Mixin SparkOptions spark;

  @Override
  public Integer call() {
    DatasetSummary into = branch.show(dataset.millrace.options, name);
    boolean isTable = into.info().taskType() == LabelTaskType.TABLE;
    if (format == ImportFormat.TABLE || (isTable && format == ImportFormat.AUTO)) {
      return importTable(
          tables.toConfig(into.layout(), source, options.onError, options.maxRejects()));
    }
    tables.checkUnused(format);
    ImportConfig config = options.config(into.layout(), address(), format);
    Console console = dataset.millrace.options.console(spec);
    try (SparkEngine engine = spark.start()) {
      ImportReport report = imported(engine, config, options, spec);
      console.line(report.toText());
      console.json(report.toJson());
    }
    return ExitCode.DONE;
  }

  /** Imports, and shows how far it has come. */
  static ImportReport imported(
      SparkEngine engine, ImportConfig config, ImportOptions options, CommandSpec spec) {
    try (ImportProgressDisplay progress = options.progress(spec)) {
      return DatasetJobs.importInto(engine, config, progress);
    }
  }

  private StorageUri address() {
    return source
        .address()
        .orElseThrow(
            () ->
                new DatasetException(
                    "Cannot import from a database into dataset %s in format %s: a database has tables. Import it into a dataset of --type TABLE."
                        .formatted(name, format)));
  }

  private int importTable(TableImportConfig config) {
    JdbcCredentials credentials = JdbcCredentials.of(System.getenv());
    Console console = dataset.millrace.options.console(spec);
    try (SparkEngine engine = spark.start()) {
      TableImportReport report = DatasetJobs.importTable(engine, config, credentials);
      console.line(report.toText());
      console.json(report.toJson());
    }
    return ExitCode.DONE;
  }
}
