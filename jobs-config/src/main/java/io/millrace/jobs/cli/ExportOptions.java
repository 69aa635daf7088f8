package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.export.OnLoss;
import io.millrace.dataset.export.WhenNotEmpty;
import io.millrace.dataset.export.format.CsvFormat;
import io.millrace.dataset.export.format.WebdatasetFormat;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.table.FormulaGuard;
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

  @Option(
      names = "--shard-samples",
      paramLabel = "N",
      description = "webdataset: a shard has at most so many samples (default: 10000).")
  Integer shardSamples;

  @Option(
      names = "--shard-bytes",
      paramLabel = "N",
      description =
          "webdataset: a shard ends with the sample that makes it as large (default: 1073741824).")
  Long shardBytes;

  @Option(
      names = "--csv-safe",
      negatable = true,
      description =
          "csv: texts that begin with = + - or @ get a tab in front, so that no spreadsheet runs"
              + " them (default); --no-csv-safe writes them as they are.")
  Boolean csvSafe;

  /** The format with the settings that only some formats have. */
  private ExportFormat configured(ExportFormat format) {
    if (format instanceof WebdatasetFormat shards) {
      checkUnused(format, "--csv-safe", csvSafe);
      return new WebdatasetFormat(
          shardBytes == null ? shards.shardBytes() : shardBytes,
          shardSamples == null ? shards.shardSamples() : shardSamples);
    }
    checkUnused(format, "--shard-samples", shardSamples);
    checkUnused(format, "--shard-bytes", shardBytes);
    if (format instanceof CsvFormat) {
      return new CsvFormat(csvSafe == null || csvSafe ? FormulaGuard.ON : FormulaGuard.OFF);
    }
    checkUnused(format, "--csv-safe", csvSafe);
    return format;
  }

  private static void checkUnused(ExportFormat format, String option, Object value) {
    if (value != null) {
      throw new DatasetException(
          "Cannot export in format %s with %s: this option is for another format. Leave it out."
              .formatted(format.name(), option));
    }
  }

  ExportConfig toConfig(ExportSource source, ExportFormat format, StorageUri output) {
    ExportConfig config =
        ExportConfig.of(source, configured(format), output)
            .withWhere(SampleFilter.parse(where))
            .withParts(parts)
            .withOnLoss(onLoss)
            .withWhenNotEmpty(replaces ? WhenNotEmpty.REPLACE_EXPORT : WhenNotEmpty.REFUSE);
    return media == null ? config : config.withMedia(media);
  }
}
