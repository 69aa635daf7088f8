package io.millrace.jobs.cli;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.export.OnLoss;
import io.millrace.dataset.export.WhenNotEmpty;
import io.millrace.dataset.filter.SampleFilter;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of commands that export. */
final class ExportOptions {
  @Option(
      names = "--where",
      paramLabel = "EXPRESSION",
      description =
          "Exports the samples that this selects, such as \"label in ('cat', 'dog') and not hard\""
              + " (default: all).")
  String where = "true";

  @Option(
      names = "--part",
      paramLabel = "PART",
      split = ",",
      description =
          "Exports these parts: ${COMPLETION-CANDIDATES}; none is what has no usage (default:"
              + " all).")
  Set<ExportPart> parts = EnumSet.allOf(ExportPart.class);

  @Option(
      names = "--media",
      paramLabel = "HOW",
      description =
          "copy the samples' files, or reference them where they are (default: as the format does;"
              + " most copy).")
  MediaMode media;

  @Option(
      names = "--on-loss",
      paramLabel = "WHAT",
      defaultValue = "report",
      description =
          "What a format cannot carry: report it, or fail before anything is written (default:"
              + " report).")
  OnLoss onLoss;

  @Option(
      names = "--replace",
      description = "Replaces an earlier export in the output directory; nothing else.")
  boolean replaces;

  ExportConfig toConfig(ExportSource source, ExportFormat format, StorageUri output) {
    ExportConfig config =
        ExportConfig.of(source, format, output)
            .withWhere(SampleFilter.parse(where))
            .withParts(parts)
            .withOnLoss(onLoss)
            .withWhenNotEmpty(replaces ? WhenNotEmpty.REPLACE_EXPORT : WhenNotEmpty.REFUSE);
    return media == null ? config : config.withMedia(media);
  }
}
