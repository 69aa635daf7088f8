package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.export.DatasetExportReport;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportReport;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.export.TableExportReport;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands that export a dataset: of a version, and of the working state. */
abstract class ExportCommands implements Callable<Integer> {
  @Spec CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  ExportDestination destination;

  @Mixin ExportOptions options;

  @Mixin SparkOptions spark;

  abstract MillraceCommand millrace();

  abstract DatasetLayout layout();

  abstract ExportSource source();

  @Override
  public Integer call() {
    DatasetCatalog catalog = millrace().options.catalog();
    DatasetLayout layout = layout();
    Console console = millrace().options.console(spec);
    Optional<ExportConfig> files = destination.toFiles().map(to -> to.toConfig(source(), options));
    try (SparkEngine engine = spark.start()) {
      if (files.isPresent() && DatasetJobs.isTable(layout)) {
        TableExportReport report = DatasetJobs.exportTable(engine, layout, files.get());
        console.line(report.toText());
        console.json(report.toJson());
      } else if (files.isPresent()) {
        ExportReport report = DatasetJobs.export(engine, layout, files.get());
        console.line(report.toText());
        console.json(report.toJson());
      } else {
        DatasetExportReport report =
            DatasetJobs.exportAsDataset(
                engine,
                catalog,
                layout,
                source(),
                options.filter(),
                options.parts,
                destination.dataset);
        console.line(report.toText());
        console.json(report.toJson());
      }
    }
    return ExitCode.DONE;
  }

  /** The command {@code millrace version export}. */
  @Command(
      name = "export",
      description =
          "Export a version to files or as a new dataset; every sample is exported or left out with a reason, and what"
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
    DatasetLayout layout() {
      return version.millrace.options.catalog().find(ref.dataset());
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

    @Mixin BranchOption branch;

    @Override
    MillraceCommand millrace() {
      return dataset.millrace;
    }

    @Override
    DatasetLayout layout() {
      return branch.find(dataset.millrace.options, name);
    }

    @Override
    ExportSource source() {
      return new ExportSource.WorkingState();
    }
  }
}
