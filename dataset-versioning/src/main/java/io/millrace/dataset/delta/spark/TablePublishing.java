package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Digest;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DataTable;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.TableVersion;
import io.millrace.dataset.manifest.ManifestWriter;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.Provenance;
import io.millrace.dataset.versioning.PublishId;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.dataset.versioning.PublishRequest.HardPolicy;
import io.millrace.dataset.versioning.PublishRequest.UsagePolicy;
import io.millrace.dataset.versioning.Release;
import io.millrace.dataset.versioning.SplitPlan;
import io.millrace.dataset.versioning.TableOutput;
import io.millrace.dataset.versioning.VersionSeal;
import io.millrace.dataset.versioning.VersionState;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Writes a version of a table dataset into its staging directory, all but the commit:
 *
 * <pre>
 * V001.manifest         one line a file: its address, rows, bytes, SHA-256, and the columns
 * parquet/part-*        the rows, typed; what a version is read from
 * csv/part-*.csv        the same rows, where CSV is asked for
 * </pre>
 *
 * <p>Rows are copied: the files of the working table are removed by a VACUUM after later imports,
 * those of a version never. Where a row came from is not in the files, which an import of tables
 * reads back as they are.
 */
final class TablePublishing {
  static final String PARQUET = "parquet";
  static final String CSV = "csv";

  /** Text takes more than columns that are encoded and compressed. */
  private static final long CSV_GROWTH = 8;

  private final DatasetTable table;
  private final DatasetLayout layout;
  private final PublishRequest request;
  private final TableOutput output;
  private final TableSchema schema;
  private final SparkSession session;
  private final StorageSettings settings;
  private final long state;

  private TablePublishing(
      DatasetTable table, PublishRequest request, TableSchema schema, SparkSession session) {
    this.table = table;
    this.layout = table.layout();
    this.request = request;
    this.output = request.table().orElse(TableOutput.DEFAULT);
    this.schema = schema;
    this.session = session;
    this.settings = SessionStorage.of(session);
    this.state = TableVersion.latest(layout.dataTable()).orElseThrow(() -> noRows(table));
  }

  /**
   * Prepares to publish the rows of this moment, whatever is committed meanwhile.
   *
   * @throws DatasetException if the request asks for what tables do not have, or there are no rows
   */
  static TablePublishing of(SparkSession spark, DatasetTable table, PublishRequest request) {
    checkFitsTables(table, request);
    TableSchema schema = DataTable.schema(table.layout()).orElseThrow(() -> noRows(table));
    TablePublishing publishing = new TablePublishing(table, request, schema, withExactTimes(spark));
    if (publishing.rows().isEmpty()) {
      throw noRows(table);
    }
    return publishing;
  }

  /** What the version will take on disk, at most. */
  long bytes() {
    long tableBytes = TableVersion.bytes(layout.dataTable());
    return output instanceof TableOutput.Csv ? (1 + CSV_GROWTH) * tableBytes : tableBytes;
  }

  /** Writes all but the commit, and says what it would make visible. */
  DatasetVersion write(VersionName name, PublishId publishId, Instant now) {
    StorageUri staging = layout.tableFilesInMaking(name, publishId.value());
    StorageUri place = layout.tableFiles(name, publishId.value());
    try {
      writeParquet(staging.resolve(PARQUET));
      TableVersionPart whole = writeCsv(staging);
      Map<String, Long> rowsOfCsv = new HashMap<>();
      whole.files().forEach(file -> rowsOfCsv.put(file.name(), file.rows()));
      TableVersionFiles files = TableVersionFiles.in(staging, session, settings);
      StorageUri manifest = layout.stagedManifest(name, publishId.value());
      Digest manifestDigest = writeManifest(manifest, place, files, rowsOfCsv, now);
      long manifestBytes = store(manifest).find(manifest).orElseThrow().sizeBytes();
      return new DatasetVersion(
          name,
          publishId.value(),
          table.info().taskType(),
          request.description(),
          now,
          Optional.empty(),
          VersionState.NORMAL,
          layout.manifest(name),
          manifestDigest,
          whole.rows(),
          allWithoutPart(whole.rows()),
          new TreeMap<>(),
          0,
          output.format(),
          layout.branch(),
          new VersionSeal(
              whole.digest().toDigest(),
              files.seal(name, manifestDigest),
              files.bytes() + manifestBytes),
          provenance());
    } catch (IOException e) {
      throw new DatasetException(
          "Cannot write %s: %s. Check permissions and free space."
              .formatted(staging, e.getMessage()),
          e);
    }
  }

  /** Parquet's own type of times, and no longer that of old releases of Hive. */
  private static SparkSession withExactTimes(SparkSession spark) {
    SparkSession session = spark.newSession();
    session
        .conf()
        .set("spark.sql.session.timeZone", spark.conf().get("spark.sql.session.timeZone"));
    session.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    return session;
  }

  private static void checkFitsTables(DatasetTable table, PublishRequest request) {
    if (request.split() != SplitPlan.NONE) {
      throw unfit(table, "a split", "Divide the rows where they are read");
    }
    if (request.hard() == HardPolicy.KEEP) {
      throw unfit(table, "marks of hard examples", "Leave it out");
    }
    if (request.usage() == UsagePolicy.KEEP) {
      throw unfit(table, "usages", "Leave it out");
    }
    if (request.taskType().filter(type -> type.kind() != DatasetKind.TABLE).isPresent()) {
      throw unfit(table, "a label task type", "Leave it out");
    }
  }

  private static DatasetException unfit(DatasetTable table, String what, String remedy) {
    return new DatasetException(
        "Cannot publish %s with %s: the rows of a table have none. %s."
            .formatted(table.info().name(), what, remedy));
  }

  private static DatasetException noRows(DatasetTable table) {
    return new DatasetException(
        "Cannot publish %s: it has no rows. Import some first.".formatted(table.info().name()));
  }

  private Dataset<Row> rows() {
    return session
        .read()
        .format("delta")
        .option("versionAsOf", state)
        .load(DatasetTable.path(layout.dataTable()));
  }

  private void writeParquet(StorageUri directory) throws IOException {
    Column[] columns =
        schema.names().stream().map(name -> col(TableValues.quoted(name))).toArray(Column[]::new);
    rows()
        .select(columns)
        .write()
        .mode(SaveMode.Overwrite)
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        .parquet(DatasetTable.path(directory));
    // Hadoop's local file system leaves checksums beside the files, which are none of the version.
    ObjectStore store = store(directory);
    try (Stream<StoredObject> files = store.list(directory)) {
      for (StoredObject file : files.filter(TablePublishing::isHidden).toList()) {
        store.delete(file.uri());
      }
    }
  }

  private static boolean isHidden(StoredObject file) {
    return file.uri().fileName().startsWith(".") || file.uri().fileName().startsWith("_");
  }

  /** Digests the rows that were written, and writes them as CSV where that is asked for. */
  private TableVersionPart writeCsv(StorageUri staging) {
    Dataset<Row> written = session.read().parquet(SparkFiles.path(staging.resolve(PARQUET)));
    return TableVersionTask.run(written, schema, output, staging.resolve(CSV), settings);
  }

  /** The files that were asked for, a line each. */
  private Digest writeManifest(
      StorageUri manifest,
      StorageUri place,
      TableVersionFiles files,
      Map<String, Long> rowsOfCsv,
      Instant now)
      throws IOException {
    String wanted = output instanceof TableOutput.Csv ? CSV : PARQUET;
    MessageDigest sha256 = Digest.sha256();
    store(manifest)
        .write(
            manifest,
            out -> {
              OutputStream digesting = new DigestOutputStream(out, sha256);
              ManifestWriter writer = new ManifestWriter(digesting);
              for (TableVersionFiles.Entry file : files.entries()) {
                if (file.path().startsWith(wanted + "/")) {
                  writer.write(line(file, place.resolve(file.path()), rowsOfCsv, now));
                }
              }
              writer.flush();
            });
    return Digest.of(sha256);
  }

  private Sample line(
      TableVersionFiles.Entry file, StorageUri address, Map<String, Long> rowsOfCsv, Instant now) {
    Properties properties =
        Properties.EMPTY
            .with("columns", schema.toString())
            .with("sha256", file.digest().hex())
            .with("bytes", file.bytes());
    Long rows = rowsOfCsv.get(address.fileName());
    return Sample.of(address, DatasetKind.TABLE, file.bytes(), now)
        .withProperties(rows == null ? properties : properties.with("rows", rows));
  }

  private Provenance provenance() {
    Dataset<Row> imports = rows().select(TableColumn.IMPORT_ID);
    List<ImportId> latest =
        imports
            .distinct()
            .orderBy(col(TableColumn.IMPORT_ID).desc())
            .limit(Provenance.MOST_IMPORTS)
            .collectAsList()
            .stream()
            .map(row -> new ImportId(row.getString(0)))
            .toList();
    long count = imports.agg(count_distinct(col(TableColumn.IMPORT_ID))).first().getLong(0);
    return new Provenance(
        Release.name(),
        System.getProperty("user.name"),
        state,
        latest,
        count,
        Properties.EMPTY.with("format", output.toString()));
  }

  private ObjectStore store(StorageUri address) {
    return ObjectStores.of(address, settings);
  }

  private static NavigableMap<String, Long> allWithoutPart(long rows) {
    return new TreeMap<>(Map.of(DatasetVersion.NO_PART, rows));
  }
}
