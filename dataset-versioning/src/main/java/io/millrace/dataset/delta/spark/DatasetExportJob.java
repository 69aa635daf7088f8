package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.lit;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.ImportRecord;
import io.millrace.dataset.Properties;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DatasetSummary;
import io.millrace.dataset.delta.ImportLog;
import io.millrace.dataset.export.DatasetExportReport;
import io.millrace.dataset.export.ExportErrors;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.manifest.PropertiesJson;
import io.millrace.dataset.versioning.DatasetInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports samples of a dataset as a new dataset, in one commit: ids, annotations and all else are
 * the same, media stay where they are. The new dataset's description and the record of its first
 * import say where the samples came from.
 *
 * <p>A process that dies leaves an empty dataset of that description, which the same export, run
 * again, fills.
 */
public final class DatasetExportJob {
  private static final Logger log = LoggerFactory.getLogger(DatasetExportJob.class);
  private static final String FORMAT = "dataset";

  private final SparkSession spark;
  private final DatasetTable table;
  private final ExportSource source;
  private final SampleFilter where;
  private final Set<ExportPart> parts;
  private final DatasetCatalog catalog;
  private final Clock clock;

  /**
   * @param table the dataset that is exported
   * @param catalog where the new dataset is made
   */
  public DatasetExportJob(
      SparkSession spark,
      DatasetTable table,
      ExportSource source,
      SampleFilter where,
      Set<ExportPart> parts,
      DatasetCatalog catalog,
      Clock clock) {
    this.spark = requireNonNull(spark, "spark is null");
    this.table = requireNonNull(table, "table is null");
    this.source = requireNonNull(source, "source is null");
    this.where = requireNonNull(where, "where is null");
    this.parts = Set.copyOf(parts);
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * Exports.
   *
   * @throws DatasetException if the name is taken, or nothing is selected; there is no new dataset
   *     then
   */
  public DatasetExportReport run(DatasetName name) {
    Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
    if (table.info().taskType().kind() == DatasetKind.TABLE) {
      throw ExportErrors.tableAsDataset(table.info().name(), name);
    }
    ExportSelection selection = ExportSelection.of(table, source, where, parts);
    if (selection.samples().isEmpty()) {
      throw ExportErrors.noSamples(selection.subject(), selection.text());
    }
    DatasetLayout layout = newDataset(name, selection);
    ImportId origin = ImportId.random();
    ImportLog.of(layout)
        .append(
            new ImportRecord(
                origin,
                table.layout().root(),
                FORMAT,
                PropertiesJson.write(
                    Properties.EMPTY
                        .with("subject", selection.subject())
                        .with("selection", selection.text())),
                startedAt));
    Dataset<Row> samples = selection.samples().withColumn("origin", lit(origin.value()));
    UpsertCounts counts = DatasetTable.open(spark, layout).upsert(samples, origin);
    Duration elapsed = Duration.between(startedAt, clock.instant());
    log.info(
        "Exported {} samples of {} as dataset {} in {} ms",
        counts.total(),
        selection.subject(),
        name,
        elapsed.toMillis());
    return new DatasetExportReport(
        selection.subject(),
        selection.text(),
        name,
        layout.root(),
        origin,
        counts.total(),
        elapsed);
  }

  private DatasetLayout newDataset(DatasetName name, ExportSelection selection) {
    String description = description(selection);
    Optional<DatasetSummary> unfinished =
        catalog.list().stream()
            .filter(dataset -> dataset.info().name().equals(name))
            .filter(dataset -> dataset.samples() == 0)
            .filter(dataset -> dataset.info().taskType() == selection.taskType())
            .filter(dataset -> dataset.info().description().equals(description))
            .findFirst();
    return unfinished
        .map(DatasetSummary::layout)
        .orElseGet(() -> catalog.create(name, selection.taskType(), description, clock));
  }

  private static String description(ExportSelection selection) {
    String text = "Exported from %s, where %s".formatted(selection.subject(), selection.text());
    return text.length() <= DatasetInfo.MAX_DESCRIPTION
        ? text
        : text.substring(0, DatasetInfo.MAX_DESCRIPTION - 3) + "...";
  }
}
