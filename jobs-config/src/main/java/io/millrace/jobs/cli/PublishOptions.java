package io.millrace.jobs.cli;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.table.FormulaGuard;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.dataset.versioning.PublishRequest.HardPolicy;
import io.millrace.dataset.versioning.PublishRequest.UsagePolicy;
import io.millrace.dataset.versioning.TableOutput;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code version publish}. */
final class PublishOptions {
  private static final String CARBON_DATA = "carbondata";

  @Option(
      names = "--name",
      paramLabel = "VERSION",
      description = "Its name (default: V001, V002 and so on).")
  VersionName name;

  @Option(
      names = "--description",
      paramLabel = "TEXT",
      description = "At most 256 characters (default: none).")
  String description = "";

  @Mixin SplitOptions split = new SplitOptions();

  @Option(
      names = "--hard",
      paramLabel = "WHAT",
      description = "Marks of hard examples: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  HardPolicy hard = HardPolicy.CLEAR;

  @Option(
      names = "--usage",
      paramLabel = "WHAT",
      description =
          "Usages that samples have already: ${COMPLETION-CANDIDATES}; kept ones lie outside the"
              + " shares, and --split-where sees them in any case (default: ${DEFAULT-VALUE}).")
  UsagePolicy usage = UsagePolicy.REMOVE;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "Of a table: csv or parquet; CarbonData, which ModelArts offers, is written as Parquet"
              + " (default: csv). Of samples: default, the manifest.")
  String format;

  @Option(
      names = "--csv-safe",
      negatable = true,
      description =
          "Of a table in CSV: texts that begin with = + - or @ get a tab in front, so that no"
              + " spreadsheet runs them (default); --no-csv-safe writes them as they are.")
  Boolean csvSafe;

  /** What a reader of the output should know about a request; empty where there is nothing. */
  Optional<String> note() {
    return CARBON_DATA.equalsIgnoreCase(format)
        ? Optional.of("CarbonData is not written; the version is in Parquet, columnar as well.")
        : Optional.empty();
  }

  private Optional<TableOutput> table() {
    String name = format == null ? "" : format.strip().toLowerCase(Locale.ROOT);
    FormulaGuard formulas = csvSafe == null || csvSafe ? FormulaGuard.ON : FormulaGuard.OFF;
    switch (name) {
      case "csv":
        return Optional.of(new TableOutput.Csv(formulas));
      case "parquet", CARBON_DATA:
        checkArgument(
            csvSafe == null,
            "Cannot publish in format %s with --csv-safe: only CSV can be run by a spreadsheet. Leave it out.",
            format);
        return Optional.of(new TableOutput.Parquet());
      case "", "default":
        return csvSafe == null ? Optional.empty() : Optional.of(new TableOutput.Csv(formulas));
      default:
        throw new DatasetException(
            "Invalid format: '%s' (expected csv or parquet, or CarbonData, which is written as Parquet)"
                .formatted(format));
    }
  }

  PublishRequest toRequest() {
    return new PublishRequest(
        Optional.ofNullable(name),
        Optional.empty(),
        description,
        split.toPlan(),
        hard,
        usage,
        table());
  }
}
