package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.export.OnLoss;
import io.millrace.dataset.export.WhenNotEmpty;
import io.millrace.dataset.export.format.ExportFormats;
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

    ExportConfig toConfig(ExportSource source, ExportOptions selection) {
      ExportConfig config =
          ExportConfig.of(source, format, output)
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
