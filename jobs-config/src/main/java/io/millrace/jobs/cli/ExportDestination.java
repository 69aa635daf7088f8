package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.export.OnLoss;
import io.millrace.dataset.export.WhenNotEmpty;
import io.millrace.dataset.export.format.CsvFormat;
import io.millrace.dataset.export.format.ExportFormats;
import io.millrace.dataset.export.format.WebdatasetFormat;
import io.millrace.dataset.table.FormulaGuard;
import java.util.Iterator;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where an export goes: to files, or into a new dataset. */
final class ExportDestination {
  @ArgGroup(exclusive = false)
  ToFiles files;

  @Option(
      names = "--as-dataset",
      paramLabel = "NAME",
      required = true,
      description =
          "Makes a new dataset of the samples, with ids, annotations and all; media stay where"
              + " they are.")
  DatasetName dataset;

  Optional<ToFiles> toFiles() {
    return Optional.ofNullable(files);
  }

  /** An export to files. */
  static final class ToFiles {
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

    @Option(
        names = "--media",
        paramLabel = "HOW",
        description =
            "copy the samples' files, or reference them where they are (default: as the format"
                + " does; most copy).")
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
            "webdataset: a shard ends with the sample that makes it as large (default:"
                + " 1073741824).")
    Long shardBytes;

    @Option(
        names = "--csv-safe",
        negatable = true,
        description =
            "csv: texts that begin with = + - or @ get a tab in front, so that no spreadsheet runs"
                + " them (default); --no-csv-safe writes them as they are.")
    Boolean csvSafe;

    /** The format with the settings that only some formats have. */
    private ExportFormat configured() {
      if (format instanceof WebdatasetFormat shards) {
        checkUnused("--csv-safe", csvSafe);
        return new WebdatasetFormat(
            shardBytes == null ? shards.shardBytes() : shardBytes,
            shardSamples == null ? shards.shardSamples() : shardSamples);
      }
      checkUnused("--shard-samples", shardSamples);
      checkUnused("--shard-bytes", shardBytes);
      if (format instanceof CsvFormat) {
        return new CsvFormat(csvSafe == null || csvSafe ? FormulaGuard.ON : FormulaGuard.OFF);
      }
      checkUnused("--csv-safe", csvSafe);
      return format;
    }

    private void checkUnused(String option, Object value) {
      if (value != null) {
        throw new DatasetException(
            "Cannot export in format %s with %s: this option is for another format. Leave it out."
                .formatted(format.name(), option));
      }
    }

    ExportConfig toConfig(ExportSource source, ExportOptions selection) {
      ExportConfig config =
          ExportConfig.of(source, configured(), output)
              .withWhere(selection.filter())
              .withParts(selection.parts)
              .withOnLoss(onLoss)
              .withWhenNotEmpty(replaces ? WhenNotEmpty.REPLACE_EXPORT : WhenNotEmpty.REFUSE);
      return media == null ? config : config.withMedia(media);
    }
  }

  /** The names of the formats, for the help. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return ExportFormats.names().iterator();
    }
  }
}
