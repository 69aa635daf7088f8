package io.millrace.ingestion.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.Reject;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.dataset.delta.spark.RejectRows;
import io.millrace.dataset.delta.spark.SessionStorage;
import io.millrace.dataset.delta.spark.TableData;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.table.TableSourceState;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.OnError;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.table.ColumnTally;
import io.millrace.ingestion.table.JdbcCredentials;
import io.millrace.ingestion.table.JdbcSource;
import io.millrace.ingestion.table.TableErrors;
import io.millrace.ingestion.table.TableFile;
import io.millrace.ingestion.table.TableFiles;
import io.millrace.ingestion.table.TableImportConfig;
import io.millrace.ingestion.table.TableImportReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports the rows of files or of a database into a table dataset.
 *
 * <p>Everything is read, and every limit checked, before the first commit, so that an import that
 * fails leaves the dataset as it was. All rows come in by one commit. After it the rejects, the
 * state of the sources and the report are written; an import that is killed in between is repaired
 * by running it again, since a source whose state is not on record is read again and its rows are
 * replaced. Importing a source that did not change writes nothing.
 */
public final class TableImportJob {
  private static final Logger log = LoggerFactory.getLogger(TableImportJob.class);

  private final SparkSession spark;
  private final TableImportConfig config;
  private final JdbcCredentials credentials;
  private final Clock clock;

  /**
   * An import of one source.
   *
   * @param credentials for a database; {@link JdbcCredentials#NONE} for files
   */
  public TableImportJob(
      SparkSession spark, TableImportConfig config, JdbcCredentials credentials, Clock clock) {
    this.spark = requireNonNull(spark, "spark is null");
    this.config = requireNonNull(config, "config is null");
    this.credentials = requireNonNull(credentials, "credentials is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * Runs the import.
   *
   * @throws DatasetException if the source cannot be read, does not fit the dataset, or breaks a
   *     limit; the dataset is then as it was
   */
  public TableImportReport run() {
    Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
    DatasetTable table = DatasetTable.open(spark, config.dataset());
    if (table.info().taskType().kind() != DatasetKind.TABLE) {
      throw TableErrors.notATable(table.info());
    }
    try {
      return new Run(table, startedAt).run();
    } catch (DatasetException e) {
      throw e;
    } catch (RuntimeException e) {
      throw TableFailures.explained(description(), e).orElseThrow(() -> e);
    } catch (Exception e) { // SparkException, which Scala does not declare
      throw TableFailures.explained(description(), e)
          .orElseThrow(() -> new IllegalStateException("Cannot import a table", e));
    }
  }

  private String description() {
    return config.source().description();
  }

  /** One run of the import. */
  private final class Run {
    private final DatasetTable table;
    private final TableData data;
    private final Instant startedAt;
    private final ImportId id = ImportId.random();
    private final StorageSettings settings = SessionStorage.of(spark);
    private final Map<String, TableSourceState> known;

    Run(DatasetTable table, Instant startedAt) {
      this.table = table;
      this.data = TableData.of(table);
      this.startedAt = startedAt;
      this.known =
          data.sources().stream()
              .collect(Collectors.toMap(TableSourceState::source, Function.identity()));
    }

    TableImportReport run() throws IOException {
      if (config.source() instanceof JdbcSource jdbc) {
        return importDatabase(jdbc);
      }
      return importFiles((TableFiles) config.source());
    }

    private TableImportReport importFiles(TableFiles source) throws IOException {
      checkDatasetOutsideSource(source.address());
      ObjectStore store = ObjectStores.of(source.address(), settings);
      TableFileListing listing = TableFileListing.of(source.address(), store);
      String reading =
          listing.kind() == TableFileListing.Kind.CSV
              ? source.dialect().reading()
              : TableParquetInput.READING;
      List<TableFile> changed =
          listing.files().stream().filter(file -> hasChanged(file, reading)).toList();
      Seen seen =
          new Seen(listing.files().size(), unchanged(listing.files(), changed), listing.others());
      if (changed.isEmpty()) {
        return report(seen, 0, 0, Map.of(), columns(data.schema().orElseThrow()));
      }
      TableBatch batch =
          listing.kind() == TableFileListing.Kind.CSV
              ? new TableCsvInput(spark, config, source, settings)
                  .read(changed, reading, data.schema())
              : new TableParquetInput(spark, config, source).read(changed, data.schema());
      Dataset<Row> rows = batch.rows().persist(StorageLevel.MEMORY_AND_DISK());
      try {
        return bringIn(batch.withRows(rows), seen);
      } finally {
        rows.unpersist();
      }
    }

    private TableImportReport importDatabase(JdbcSource source) throws IOException {
      TableBatch plain = new TableJdbcInput(spark, source, credentials).read(data.schema());
      Dataset<Row> rows = plain.rows().persist(StorageLevel.MEMORY_AND_DISK());
      try {
        String fingerprint = digest(rows);
        TableSourceState before = known.get(source.description());
        if (before != null && before.fingerprint().equals(fingerprint)) {
          return report(new Seen(1, List.of(before), 0), 0, 0, Map.of(), columns(plain.schema()));
        }
        TableBatch batch =
            new TableBatch(
                plain.schema(),
                rows,
                Map.of(source.description(), fingerprint),
                plain.reading(),
                Map.of());
        return bringIn(batch, new Seen(1, List.of(), 0));
      } finally {
        rows.unpersist();
      }
    }

    /** Checks what was read, and writes it. */
    private TableImportReport bringIn(TableBatch batch, Seen seen) throws IOException {
      TableTally tally = TableTally.of(batch);
      Map<RejectReason, Long> rejections = new EnumMap<>(RejectReason.class);
      rejections.putAll(tally.rejections());
      batch.refused().values().forEach(file -> rejections.merge(file.reason(), 1L, Long::sum));
      List<Reject> refusedFiles = refusedFiles(batch);
      checkRejects(batch, refusedFiles, rejections, tally.accepted() + seen.unchangedRows());

      List<String> replaced =
          batch.fingerprints().keySet().stream()
              .filter(source -> !batch.refused().containsKey(source))
              .toList();
      long before = rowsOf(replaced);
      boolean isFirst = data.schema().isEmpty();
      if (isFirst || before > 0 || tally.accepted() > 0) {
        data.replace(
            batch.schema(), TableBatchRows.accepted(batch.rows(), batch.schema()), replaced, id);
      }
      if (!rejections.isEmpty()) {
        table.appendRejects(table.newRejects(rejects(batch, refusedFiles)));
      }
      data.recordSources(states(batch, tally));
      TableImportReport report =
          report(seen, tally.accepted(), before, rejections, tally.columns(batch.schema()));
      writeLog(report);
      log.info("Imported {} into {}: {}", description(), table.info().name(), report.toLine());
      return report;
    }

    private boolean hasChanged(TableFile file, String reading) {
      TableSourceState before = known.get(file.source());
      return before == null
          || !before.fingerprint().equals(file.fingerprint())
          || !before.reading().equals(reading);
    }

    private List<TableSourceState> unchanged(List<TableFile> files, List<TableFile> changed) {
      Set<TableFile> others = Set.copyOf(changed);
      return files.stream()
          .filter(file -> !others.contains(file))
          .map(file -> known.get(file.source()))
          .toList();
    }

    /** The settings compare addresses; here links are followed, which may lead into the source. */
    private void checkDatasetOutsideSource(StorageUri address) throws IOException {
      Optional<Path> source = address.localPath().filter(Files::exists);
      Optional<Path> dataset = config.dataset().root().localPath().filter(Files::exists);
      if (source.isPresent()
          && dataset.isPresent()
          && dataset.get().toRealPath().startsWith(source.get().toRealPath())) {
        throw ImportErrors.datasetInsideSource(address, config.dataset().root());
      }
    }

    private void checkRejects(
        TableBatch batch,
        List<Reject> refusedFiles,
        Map<RejectReason, Long> rejections,
        long taken) {
      long rejected = rejections.values().stream().mapToLong(Long::longValue).sum();
      boolean isAllowed =
          config.onError() == OnError.FAIL
              ? rejected == 0
              : config.maxRejects().allows(rejected, taken + rejected);
      if (isAllowed) {
        return;
      }
      Reject example =
          refusedFiles.isEmpty()
              ? RejectRows.toReject(rejects(batch, refusedFiles).first())
              : refusedFiles.get(0);
      throw config.onError() == OnError.FAIL
          ? TableErrors.rejected(
              description(), example.source(), example.reasonCode(), example.message())
          : TableErrors.tooManyRejects(
              description(),
              config.maxRejects(),
              example.source(),
              example.reasonCode(),
              example.message());
    }

    private List<Reject> refusedFiles(TableBatch batch) {
      List<Reject> rejects = new ArrayList<>();
      batch
          .refused()
          .forEach(
              (file, why) ->
                  rejects.add(new Reject(id, file, why.reason().code(), why.message(), startedAt)));
      return rejects;
    }

    private Dataset<Row> rejects(TableBatch batch, List<Reject> refusedFiles) {
      Dataset<Row> ofRows =
          TableBatchRows.refused(batch.rows())
              .withColumn("import_id", lit(id.value()))
              .withColumn("rejected_at", lit(Timestamp.from(startedAt)))
              .select(
                  Arrays.stream(RejectRows.SCHEMA.fieldNames())
                      .map(name -> col(name))
                      .toArray(Column[]::new));
      Dataset<Row> ofFiles =
          spark.createDataFrame(
              refusedFiles.stream().map(RejectRows::toRow).toList(), RejectRows.SCHEMA);
      return refusedFiles.isEmpty() ? ofRows : ofFiles.unionByName(ofRows);
    }

    /**
     * Rows that the dataset has of sources, counted since a killed import may have brought some.
     */
    private long rowsOf(List<String> sources) {
      return data.schema().isEmpty() || sources.isEmpty()
          ? 0
          : data.rows().where(col(TableColumn.SOURCE).isin(sources.toArray())).count();
    }

    /** A file that is refused keeps the rows that it has in the dataset. */
    private List<TableSourceState> states(TableBatch batch, TableTally tally) {
      return batch.fingerprints().entrySet().stream()
          .map(
              entry -> {
                String source = entry.getKey();
                boolean isRefused = batch.refused().containsKey(source);
                long kept = known.containsKey(source) ? known.get(source).rows() : 0;
                return new TableSourceState(
                    source,
                    entry.getValue(),
                    batch.reading(),
                    isRefused ? kept : tally.acceptedOf(source),
                    isRefused ? 1 : tally.rejectedOf(source),
                    id);
              })
          .toList();
    }

    private List<ColumnTally> columns(TableSchema schema) {
      return schema.columns().stream().map(column -> new ColumnTally(column, 0, 0)).toList();
    }

    private TableImportReport report(
        Seen seen,
        long imported,
        long replaced,
        Map<RejectReason, Long> rejections,
        List<ColumnTally> columns) {
      long rejected = rejections.values().stream().mapToLong(Long::longValue).sum();
      return new TableImportReport(
          id,
          table.info().name(),
          description(),
          seen.sources(),
          seen.unchanged().size(),
          seen.others(),
          imported + seen.unchangedRows() + rejected,
          imported,
          seen.unchangedRows(),
          replaced,
          rejections,
          columns,
          Duration.between(startedAt, clock.instant()));
    }

    private void writeLog(TableImportReport report) throws IOException {
      StorageUri address = config.dataset().log(id);
      ObjectStores.of(address, settings)
          .write(address, out -> out.write(report.toJson().getBytes(StandardCharsets.UTF_8)));
    }

    /** The same for the same rows in any order. */
    private String digest(Dataset<Row> rows) {
      List<Column> cells = new ArrayList<>();
      for (int i = TableBatchRows.FIRST_COLUMN; i < rows.columns().length; i++) {
        Column cell = col(rows.columns()[i]);
        cells.add(cell);
        cells.add(cell.isNull()); // the hash of a null is that of nothing
      }
      Column hash = xxhash64(cells.toArray(Column[]::new));
      Row digest =
          rows.select(hash.as("hash"))
              .agg(
                  count(lit(1)),
                  sum(col("hash").cast(DataTypes.createDecimalType(38, 0))),
                  bit_xor(col("hash")))
              .first();
      return "rows %s, hash %s %s".formatted(digest.get(0), digest.get(1), digest.get(2));
    }
  }

  /**
   * The sources of an import.
   *
   * @param others files that are of another kind
   */
  private record Seen(long sources, List<TableSourceState> unchanged, long others) {
    long unchangedRows() {
      return unchanged.stream().mapToLong(TableSourceState::rows).sum();
    }
  }
}
