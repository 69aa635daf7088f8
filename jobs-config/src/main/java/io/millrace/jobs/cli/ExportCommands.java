package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportReport;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.export.TableExportReport;
import io.millrace.dataset.export.format.ExportFormats;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands that export a dataset: of a version, and of the working state. */
abstract class ExportCommands implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      completionCandidates = Formats.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  ExportFormat format;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "A directory that is empty or does not exist yet.")
  StorageUri output;

  @Mixin ExportOptions options;

  @Mixin SparkOptions spark;

  abstract MillraceCommand millrace();

  abstract DatasetName dataset();

  abstract ExportSource source();

  @Override
  public Integer call() {
    DatasetLayout layout = millrace().options.catalog().find(dataset());
    var config = options.toConfig(source(), format, output);
    try (SparkEngine engine = spark.start()) {
      Console console = millrace().options.console(spec);
      if (DatasetJobs.isTable(layout)) {
        TableExportReport report = DatasetJobs.exportTable(engine, layout, config);
        console.line(report.toText());
        console.json(report.toJson());
        return ExitCode.DONE;
      }
      ExportReport report = DatasetJobs.export(engine, layout, config);
      console.line(report.toText());
      console.json(report.toJson());
    }
    return ExitCode.DONE;
  }

  /** The names of the formats, for the help. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return ExportFormats.names().iterator();
    }
  }

  /** The command {@code millrace version export}. */
  @Command(
      name = "export",
      description =
          "Export a version to files; every sample is exported or left out with a reason, and what"
              + " the format cannot carry is counted.")
  static final class OfVersion extends ExportCommands {
    @ParentCommand VersionCommand version;

    @Parameters(
        paramLabel = "NAME[@VERSION]",
        description = "The version; without @VERSION the current one.")
    DatasetRef ref;

    @Override
    MillraceCommand millrace() {
      return version.millrace;
    }

    @Override
    DatasetName dataset() {
      return ref.dataset();
    }

    @Override
    ExportSource source() {
      return new ExportSource.Published(ref);
    }
  }

  /** The command {@code millrace dataset export}. */
  @Command(
      name = "export",
      description =
          "Export the samples as they are now, published or not; otherwise as millrace version"
              + " export.")
  static final class OfDataset extends ExportCommands {
    @ParentCommand DatasetCommand dataset;

    @Parameters(paramLabel = "NAME", description = "The dataset.")
    DatasetName name;

    @Override
    MillraceCommand millrace() {
      return dataset.millrace;
    }

    @Override
    DatasetName dataset() {
      return name;
    }

    @Override
    ExportSource source() {
      return new ExportSource.WorkingState();
    }
  }
}
