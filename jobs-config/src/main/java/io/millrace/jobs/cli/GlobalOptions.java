package io.millrace.jobs.cli;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes. */
public final class GlobalOptions {
  @Option(
      names = "--datasets",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:MILLRACE_DATASETS:-datasets}",
      description = "Where datasets are kept (default: $MILLRACE_DATASETS, else ./datasets).")
  StorageUri datasets;

  @Option(
      names = {"-o", "--output-format"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      defaultValue = "text",
      description = "How results are printed: ${COMPLETION-CANDIDATES} (default: text).")
  OutputFormat format;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print stack traces, and the engines' log lines.")
  boolean debug;

  DatasetCatalog catalog() {
    return DatasetCatalog.at(datasets);
  }

  Console console(CommandSpec spec) {
    return new Console(spec.commandLine().getOut(), format);
  }
}
