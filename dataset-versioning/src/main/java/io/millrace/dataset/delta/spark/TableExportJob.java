package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.delta.DataTable;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportId;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.export.ExportTarget;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.export.OnLoss;
import io.millrace.dataset.export.TableExportReport;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.versioning.DatasetVersion;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports the rows of a table dataset to files, one a task. A process that dies leaves nothing that
 * looks complete; see {@link ExportTarget}.
 */
public final class TableExportJob {
  private static final Logger log = LoggerFactory.getLogger(TableExportJob.class);

  private final DatasetTable table;
  private final ExportConfig config;
  private final Clock clock;
  private final StorageSettings storage;

  public TableExportJob(SparkSession spark, DatasetTable table, ExportConfig config, Clock clock) {
    this.table = requireNonNull(table, "table is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.storage = SessionStorage.of(requireNonNull(spark, "spark is null"));
  }

  /**
   * Exports.
   *
   * @throws DatasetException if the format is not one for tables, samples are asked for, there are
   *     no rows, the target holds something or cannot be written, or something would be lost and
   *     must not; there is no target then
   */
  public TableExportReport run() {
    Instant startedAt = clock.instant();
    ExportId id = ExportId.of(startedAt, new SecureRandom());
    ExportTarget target =
        ExportTarget.of(
            config.target(), ObjectStores.of(config.target(), storage), id, config.whenNotEmpty());
    Optional<DatasetVersion> version =
        config.source() instanceof ExportSource.Published published
            ? Optional.of(table.history().resolve(published.ref()))
            : Optional.empty();
    String subject =
        version
            .map(found -> DatasetRef.of(table.info().name(), found.name()).toString())
            .orElse(table.info().name().value());
    ExportRun run = new ExportRun(config, target, subject);
    run.check(table.info().taskType(), table.layout().root());
    checkIsOfRows(subject);
    TableSchema schema = DataTable.schema(table.layout()).orElseThrow(() -> noRows(subject));
    Dataset<Row> rows =
        version.map(TableData.of(table)::version).orElseGet(() -> TableData.of(table).rows());
    if (rows.isEmpty()) {
      throw noRows(subject);
    }
    TableExportReport report =
        run.write(
            () -> write(id, startedAt, subject, schema, rows, target), TableExportReport::toJson);
    log.info("Exported {} to {}: {}", subject, config.target(), report.toLine());
    return report;
  }

  private void checkIsOfRows(String subject) {
    boolean isOfSamples =
        !config.where().equals(SampleFilter.ALL)
            || config.parts().size() < ExportPart.values().length
            || config.media() == MediaMode.COPY;
    if (isOfSamples) {
      throw new DatasetException(
          "Cannot export %s with a selection, parts or media: the rows of a table are no samples. Leave these options out."
              .formatted(subject));
    }
  }

  private TableExportReport write(
      ExportId id,
      Instant startedAt,
      String subject,
      TableSchema schema,
      Dataset<Row> rows,
      ExportTarget target) {
    TableValues values = new TableValues(schema);
    TableExportTask task =
        new TableExportTask(
            values, config.format(), subject.replace('@', '-'), target.staging(), storage);
    List<TableExportTask.Result> results =
        values.select(rows).javaRDD().mapPartitionsWithIndex(task, false).collect();
    TableExportTask.Result whole =
        results.stream().reduce(TableExportTask.Result.NOTHING, TableExportTask.Result::plus);
    if (config.onLoss() == OnLoss.FAIL && whole.counts().unreadable() > 0) {
      throw new DatasetException(
          "Cannot export %s in format %s without loss: %s values are not read back by an import. Choose another format, or accept it with --on-loss report."
              .formatted(subject, config.format().name(), whole.counts().unreadable()));
    }
    return new TableExportReport(
        id,
        subject,
        config.format().name(),
        config.target(),
        schema,
        whole.counts(),
        whole.files(),
        whole.bytes(),
        startedAt,
        Duration.between(startedAt, clock.instant()));
  }

  private static DatasetException noRows(String subject) {
    return new DatasetException(
        "Cannot export %s: it has no rows. Import some first.".formatted(subject));
  }
}
