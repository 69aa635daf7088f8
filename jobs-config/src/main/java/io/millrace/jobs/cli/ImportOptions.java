package io.millrace.jobs.cli;

import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.ingestion.BoxPolicy;
import io.millrace.ingestion.CopyMode;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.MissingPolicy;
import io.millrace.ingestion.OnError;
import io.millrace.ingestion.TextOptions;
import java.time.Clock;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How commands that import treat their inputs. */
final class ImportOptions {
  @Option(
      names = "--on-error",
      paramLabel = "WHAT",
      defaultValue = "skip",
      description = "skip a bad input, or fail at the first (default: skip).")
  OnError onError;

  @Option(
      names = "--max-rejects",
      paramLabel = "N|P%",
      description = "Give up, and change nothing, at more rejects than that.")
  FailureLimit maxRejects;

  @Option(
      names = "--boxes-outside",
      paramLabel = "WHAT",
      defaultValue = "reject",
      description =
          "Of an image with an object outside it: reject the image, clip the object, or keep it"
              + " (default: reject).")
  BoxPolicy boxPolicy;

  @Mixin ImportFilterOptions filter = new ImportFilterOptions();

  @Option(
      names = "--copy",
      description = "Copy the bytes into the dataset, and verify each copy by size and digest.")
  boolean copies;

  @Option(
      names = "--deleted",
      paramLabel = "WHAT",
      defaultValue = "keep",
      description =
          "Samples that the same source brought before and whose file is gone: keep them, marked,"
              + " or remove them (default: keep).")
  MissingPolicy missing;

  @Option(
      names = "--labels-separator",
      paramLabel = "TEXT",
      description = "What stands before the labels of a line of text (default: a tab).")
  String labelsSeparator;

  @Option(
      names = "--label-separator",
      paramLabel = "TEXT",
      description = "What stands between two labels of a line of text (default: a comma).")
  String labelSeparator;

  @Option(
      names = "--progress",
      paramLabel = "HOW",
      defaultValue = "auto",
      description =
          "Show progress as a bar, as lines or not at all: ${COMPLETION-CANDIDATES} (default: a"
              + " bar on a terminal, else lines).")
  ImportProgressDisplay.Style progress;

  ImportConfig config(DatasetLayout dataset, StorageUri source, ImportFormat format) {
    return ImportConfig.of(dataset, source, format)
        .withOnError(onError)
        .withMaxRejects(maxRejects())
        .withBoxPolicy(boxPolicy)
        .withText(text())
        .withFilter(filter.toFilter())
        .withCopy(copies ? CopyMode.COPY : CopyMode.REFERENCE)
        .withMissing(missing);
  }

  FailureLimit maxRejects() {
    return maxRejects == null ? FailureLimit.UNLIMITED : maxRejects;
  }

  ImportProgressDisplay progress(CommandSpec spec) {
    return ImportProgressDisplay.of(progress, spec.commandLine().getErr(), Clock.systemUTC());
  }

  private TextOptions text() {
    TextOptions text = TextOptions.DEFAULT;
    return new TextOptions(
        labelsSeparator == null ? text.labelsSeparator() : labelsSeparator,
        labelSeparator == null ? text.labelSeparator() : labelSeparator);
  }
}
