package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.Limits;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.table.FormulaGuard;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.OnError;
import io.millrace.ingestion.table.CsvDialect;
import io.millrace.ingestion.table.JdbcSource;
import io.millrace.ingestion.table.JdbcSource.Partitioning;
import io.millrace.ingestion.table.TableCharset;
import io.millrace.ingestion.table.TableFiles;
import io.millrace.ingestion.table.TableImportConfig;
import io.millrace.ingestion.table.TableSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of imports of tables; none of them means anything for another format. */
final class TableOptions {
  @Option(
      names = "--no-header",
      description =
          "Tables: the first row of a CSV file is a row like others; the columns are attr_1 to"
              + " attr_n.")
  Boolean noHeader;

  @Option(
      names = "--delimiter",
      paramLabel = "CHAR",
      description = "Tables: what separates the values of a CSV file, or \\t (default: a comma).")
  String delimiter;

  @Option(
      names = "--charset",
      paramLabel = "NAME",
      description =
          "Tables: auto, UTF-8 or GBK (default: auto, UTF-8 where all bytes of a file are valid,"
              + " else GBK).")
  TableCharset charset;

  @Option(
      names = "--null-text",
      paramLabel = "TEXT",
      description = "Tables: a value of CSV files, such as NA, that means none. Can be repeated.")
  List<String> nullTexts;

  @Option(
      names = "--csv-safe",
      description =
          "Tables: the CSV files were published or exported csv-safe; take the tab away that stands"
              + " before texts that look like formulas.")
  Boolean csvSafe;

  @Option(
      names = "--infer-rows",
      paramLabel = "N",
      description =
          "Tables: infer the types of a dataset without columns from the first N rows of each CSV"
              + " file (default: from all).")
  Long inferenceRows;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "Databases: the table or view to read.")
  String table;

  @Option(
      names = "--query",
      paramLabel = "SQL",
      description = "Databases: the query whose rows to read.")
  String query;

  @Option(
      names = "--partition-column",
      paramLabel = "NAME",
      description = "Databases: a column of integers or dates by which to read in parts.")
  String partitionColumn;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Databases: how many parts, each by a connection of its own (default: 8).")
  Integer partitions;

  private static final int DEFAULT_PARTITIONS = 8;

  /** Refuses options that would do nothing for a format. */
  void checkUnused(ImportFormat format) {
    given(csvOptions())
        .or(() -> given(databaseOptions()))
        .ifPresent(
            option -> {
              throw new DatasetException(
                  "Cannot import in format %s with %s: this option is for tables. Leave it out, or import with --format table."
                      .formatted(format, option));
            });
  }

  TableImportConfig toConfig(
      DatasetLayout dataset, ImportSource source, OnError onError, FailureLimit maxRejects) {
    return new TableImportConfig(
        dataset,
        source.address().map(this::files).orElseGet(() -> database(source.text())),
        onError,
        maxRejects,
        inferenceRows == null ? TableImportConfig.ALL_ROWS : inferenceRows,
        Limits.DEFAULT);
  }

  private TableSource files(StorageUri address) {
    given(databaseOptions())
        .ifPresent(
            option -> {
              throw new DatasetException(
                  "Cannot import %s with %s: this option is for databases. Leave it out, or give an address that begins with jdbc:."
                      .formatted(address, option));
            });
    return new TableFiles(
        address,
        new CsvDialect(
            noHeader == null ? CsvDialect.Header.PRESENT : CsvDialect.Header.ABSENT,
            delimiter == null ? ',' : CsvDialect.delimiter(delimiter),
            Objects.requireNonNullElse(charset, TableCharset.AUTO),
            nullTexts == null ? Set.of() : new HashSet<>(nullTexts),
            csvSafe == null ? FormulaGuard.OFF : FormulaGuard.ON));
  }

  private TableSource database(String url) {
    given(csvOptions())
        .ifPresent(
            option -> {
              throw new DatasetException(
                  "Cannot import from a database with %s: this option is for CSV files. Leave it out."
                      .formatted(option));
            });
    if (partitions != null && partitionColumn == null) {
      throw new DatasetException(
          "Cannot import from a database with --partitions alone: add --partition-column NAME, by which rows are parted.");
    }
    return JdbcSource.of(
        url,
        Optional.ofNullable(table),
        Optional.ofNullable(query),
        Optional.ofNullable(partitionColumn)
            .map(
                column ->
                    new Partitioning(
                        column, Objects.requireNonNullElse(partitions, DEFAULT_PARTITIONS))));
  }

  private Map<String, Optional<?>> csvOptions() {
    Map<String, Optional<?>> options = new LinkedHashMap<>();
    options.put("--no-header", Optional.ofNullable(noHeader));
    options.put("--delimiter", Optional.ofNullable(delimiter));
    options.put("--charset", Optional.ofNullable(charset));
    options.put("--null-text", Optional.ofNullable(nullTexts));
    options.put("--csv-safe", Optional.ofNullable(csvSafe));
    options.put("--infer-rows", Optional.ofNullable(inferenceRows));
    return options;
  }

  private Map<String, Optional<?>> databaseOptions() {
    Map<String, Optional<?>> options = new LinkedHashMap<>();
    options.put("--table", Optional.ofNullable(table));
    options.put("--query", Optional.ofNullable(query));
    options.put("--partition-column", Optional.ofNullable(partitionColumn));
    options.put("--partitions", Optional.ofNullable(partitions));
    return options;
  }

  /** The first of some options that the user gave. */
  private static Optional<String> given(Map<String, Optional<?>> options) {
    return options.entrySet().stream()
        .filter(option -> option.getValue().isPresent())
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
