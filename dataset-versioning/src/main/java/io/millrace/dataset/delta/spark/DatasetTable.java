package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.delta.tables.DeltaMergeBuilder;
import io.delta.tables.DeltaTable;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.Properties;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DeltaDatasetHistory;
import io.millrace.dataset.delta.HadoopPaths;
import io.millrace.dataset.delta.TableVersion;
import io.millrace.dataset.manifest.PropertiesJson;
import io.millrace.dataset.versioning.DatasetHistory;
import io.millrace.dataset.versioning.DatasetInfo;
import io.millrace.dataset.versioning.DatasetVersion;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The tables of one dataset, read and written in bulk by Spark.
 *
 * <p>Each method that writes is one commit. Of two writers at the same time the later one starts
 * again from what the earlier one left; after {@value #MOST_ATTEMPTS} attempts it gives up and
 * names both operations.
 */
public final class DatasetTable {
  /** The columns of the table {@code metrics}; {@code box} is null for what describes a sample. */
  public static final StructType METRICS_SCHEMA =
      new StructType()
          .add("version", DataTypes.StringType)
          .add("sample_id", DataTypes.StringType)
          .add("part", DataTypes.StringType)
          .add("metric", DataTypes.StringType)
          .add("box", DataTypes.IntegerType)
          .add("value", DataTypes.DoubleType);

  static final String PUBLISH_ID = "publish_id";

  private static final Logger log = LoggerFactory.getLogger(DatasetTable.class);
  private static final String DELTA = "delta";
  private static final String USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata";
  private static final int MOST_ATTEMPTS = 4;
  private static final String STATUS = "status";
  private static final String IS_MISSING = "is_missing";
  private static final String KEY = "id";
  private static final String CONTENT = "content";

  /** What a sample may differ in and be unchanged, and what is compared for itself. */
  private static final Set<String> NOT_IN_CONTENT =
      Set.of("id", "created_at", "origin", "properties", "source_modified_at", "source_etag");

  private static final String ADDED = "added";
  private static final String UPDATED = "updated";
  private static final String UNCHANGED = "unchanged";

  private final SparkSession spark;
  private final DatasetLayout layout;
  private final DatasetInfo info;

  private DatasetTable(SparkSession spark, DatasetLayout layout, DatasetInfo info) {
    this.spark = spark;
    this.layout = layout;
    this.info = info;
  }

  /**
   * Opens a dataset.
   *
   * @param spark a session with the settings of {@link DeltaSession}
   * @throws DatasetException if the directory holds no dataset
   */
  public static DatasetTable open(SparkSession spark, DatasetLayout layout) {
    requireNonNull(spark, "spark is null");
    return new DatasetTable(spark, layout, DeltaDatasetHistory.load(layout).info());
  }

  public DatasetLayout layout() {
    return layout;
  }

  public DatasetInfo info() {
    return info;
  }

  /** The published versions as they are now. */
  public DatasetHistory history() {
    return DeltaDatasetHistory.load(layout);
  }

  /** The working state, with the columns of {@link SampleRows#SCHEMA}. */
  public Dataset<Row> samples() {
    return read(layout.samplesTable(), SampleRows.SCHEMA);
  }

  /**
   * The working state as it is at this moment. The rows of {@link #samples} are those of whenever
   * they are read, and Spark reads even those that are persisted again after another commit; these
   * stay the same for all questions that are asked of them.
   */
  Dataset<Row> samplesAtThisMoment() {
    return TableVersion.latest(layout.samplesTable())
        .map(this::samplesAt)
        .orElseGet(() -> spark.createDataFrame(List.of(), SampleRows.SCHEMA));
  }

  /** The working state that a commit left, with the columns of {@link SampleRows#SCHEMA}. */
  Dataset<Row> samplesAt(long state) {
    return spark
        .read()
        .format(DELTA)
        .option("versionAsOf", state)
        .load(path(layout.samplesTable()))
        .select(columns(SampleRows.SCHEMA));
  }

  /** The rows of a published version, with the columns of {@link SampleRows#SCHEMA}. */
  public Dataset<Row> version(DatasetVersion version) {
    return versionRows(version).select(columns(SampleRows.SCHEMA));
  }

  /** The rows of a published version, with the columns of {@link VersionRows#SCHEMA}. */
  Dataset<Row> versionRows(DatasetVersion version) {
    return versionSamples().where(col(PUBLISH_ID).equalTo(version.publishId()));
  }

  /** What imports refused, with the columns of {@link RejectRows#SCHEMA}. */
  public Dataset<Row> rejects() {
    return read(layout.rejectsTable(), RejectRows.SCHEMA);
  }

  /**
   * Brings samples into the dataset: adds those with a new id and replaces those that differ.
   *
   * @param samples rows of {@link SampleRows#SCHEMA}, no id twice; evaluated once
   * @see #apply
   */
  public UpsertCounts upsert(Dataset<Row> samples, ImportId id) {
    return apply(SampleChanges.of(samples), id, expected -> {});
  }

  /**
   * Brings samples into the dataset and marks or removes those that are missing, in one commit.
   *
   * <p>A known sample keeps its {@code created_at}, and those of its properties that the new row
   * does not have (a group that was computed here survives the next import). A row is unchanged if
   * it differs at most in {@code created_at} and {@code origin}, and in {@code source_modified_at}
   * if both have an etag, which then decides. If nothing changes, nothing is committed. The
   * commit's user metadata is a JSON object with the import's id and the counts.
   *
   * @param beforeCommit is called once before the first attempt to commit, and not at all if
   *     nothing changes; if it fails nothing is committed
   */
  public UpsertCounts apply(
      SampleChanges changes, ImportId id, Consumer<UpsertCounts> beforeCommit) {
    long start = System.nanoTime();
    AtomicBoolean isFirst = new AtomicBoolean(true);
    Consumer<UpsertCounts> onlyOnce =
        expected -> {
          if (isFirst.getAndSet(false)) {
            beforeCommit.accept(expected);
          }
        };
    UpsertCounts counts =
        committing("import into", layout.samplesTable(), () -> applyOnce(changes, id, onlyOnce));
    log.info(
        "Imported into {} as {}: {} added, {} updated, {} unchanged, {} missing in {} ms",
        info.name(),
        id,
        counts.added(),
        counts.updated(),
        counts.unchanged(),
        counts.missing(),
        Duration.ofNanos(System.nanoTime() - start).toMillis());
    return counts;
  }

  /**
   * Those of some rejects that the dataset has not on record yet: another source, reason or message
   * than every one before.
   *
   * @param rejects rows of {@link RejectRows#SCHEMA}
   */
  public Dataset<Row> newRejects(Dataset<Row> rejects) {
    List<String> identity = List.of("source", "reason_code", "message");
    Column same =
        identity.stream()
            .map(name -> col("new." + name).eqNullSafe(col("known." + name)))
            .reduce(Column::and)
            .orElseThrow();
    return rejects.as("new").join(neverBroadcast(rejects()).as("known"), same, "left_anti");
  }

  /** Adds rows of {@link RejectRows#SCHEMA} to those that imports refused. */
  public void appendRejects(Dataset<Row> rejects) {
    committing(
        "record rejects of",
        layout.rejectsTable(),
        () -> {
          append(rejects.select(columns(RejectRows.SCHEMA)), layout.rejectsTable());
          return rejects;
        });
  }

  /**
   * Sets one property of samples, in one commit; ids that the dataset does not know are left out.
   *
   * @param idAndText columns {@code id} and {@code value}, both text, no id twice; a null value
   *     takes the property away
   * @return how many samples changed
   */
  public long setProperty(String name, Dataset<Row> idAndText) {
    requireNonNull(name, "name is null");
    return committing(
        "set a property in", layout.samplesTable(), () -> setPropertyOnce(name, idAndText));
  }

  /**
   * Replaces all metrics of a version, in one commit.
   *
   * @param metrics columns of {@link #METRICS_SCHEMA}; what {@code version} holds is not read
   */
  public void replaceMetrics(VersionName version, Dataset<Row> metrics) {
    Dataset<Row> rows =
        metrics.withColumn("version", lit(version.value())).select(columns(METRICS_SCHEMA));
    committing(
        "replace metrics of",
        layout.metricsTable(),
        () -> {
          rows.write()
              .format(DELTA)
              .mode(SaveMode.Overwrite)
              .partitionBy("version")
              .option("replaceWhere", "version = '" + version + "'")
              .save(path(layout.metricsTable()));
          return version;
        });
  }

  /** The metrics of a version, with the columns of {@link #METRICS_SCHEMA}; maybe none. */
  public Dataset<Row> metrics(VersionName version) {
    return read(layout.metricsTable(), METRICS_SCHEMA)
        .where(col("version").equalTo(version.value()));
  }

  SparkSession spark() {
    return spark;
  }

  Dataset<Row> versionSamples() {
    return read(layout.versionSamplesTable(), VersionRows.SCHEMA);
  }

  private UpsertCounts applyOnce(
      SampleChanges changes, ImportId id, Consumer<UpsertCounts> beforeCommit) {
    Dataset<Row> samples = changes.samples().select(columns(SampleRows.SCHEMA));
    if (!exists(layout.samplesTable())) {
      return createSamples(samples, id, beforeCommit);
    }
    Dataset<Row> statuses = statuses(samples).persist(StorageLevel.MEMORY_AND_DISK());
    Optional<Dataset<Row>> missing = changes.missingIds().map(Dataset::persist);
    try {
      UpsertCounts expected = counts(statuses).withMissing(missing.map(Dataset::count).orElse(0L));
      if (expected.changed() == 0) {
        return expected;
      }
      beforeCommit.accept(expected);
      Dataset<Row> changed =
          samples
              .join(
                  neverBroadcast(statuses.where(col(STATUS).notEqual(UNCHANGED))), KEY, "left_semi")
              .withColumn(IS_MISSING, lit(false));
      Dataset<Row> rows =
          missing.map(ids -> changed.unionByName(missingRows(ids), true)).orElse(changed);
      Row done = merge(rows, changes, metadata(id, expected));
      long added = done.<Long>getAs("num_inserted_rows");
      long updated =
          done.<Long>getAs("num_updated_rows")
              - (changes.removesMissing() ? 0 : expected.missing());
      return new UpsertCounts(
          added, updated, expected.total() - added - updated, expected.missing());
    } finally {
      missing.ifPresent(Dataset::unpersist);
      statuses.unpersist();
    }
  }

  /** The first samples of a dataset: there is nothing to compare them with. */
  private UpsertCounts createSamples(
      Dataset<Row> samples, ImportId id, Consumer<UpsertCounts> beforeCommit) {
    UpsertCounts expected = counts(samples.select(col(KEY), lit(ADDED).as(STATUS)));
    if (expected.changed() > 0) {
      beforeCommit.accept(expected);
      samples
          .coalesce(spark.sparkContext().defaultParallelism()) // a file for each task, not more
          .write()
          .format(DELTA)
          .mode(SaveMode.ErrorIfExists)
          .option("userMetadata", metadata(id, expected))
          .save(path(layout.samplesTable()));
    }
    return expected;
  }

  private static Dataset<Row> missingRows(Dataset<Row> ids) {
    return ids.select(col("id"), lit(true).as(IS_MISSING));
  }

  private Row merge(Dataset<Row> rows, SampleChanges changes, String metadata) {
    Map<String, Column> changed = new HashMap<>();
    for (String column : SampleRows.SCHEMA.fieldNames()) {
      changed.put(column, col("new." + column));
    }
    Map<String, Column> inserted = Map.copyOf(changed);
    changed.remove("created_at");
    changed.put("properties", PropertyColumns.merged(col("old.properties"), col("new.properties")));
    Column isMissing = col("new." + IS_MISSING);
    DeltaMergeBuilder merge =
        DeltaTable.forPath(sessionWithMetadata(metadata), path(layout.samplesTable()))
            .as("old")
            .merge(rows.as("new"), col("old.id").equalTo(col("new.id")));
    merge =
        changes.removesMissing()
            ? merge.whenMatched(isMissing).delete()
            : merge
                .whenMatched(isMissing)
                .update(Map.of("missing_since", lit(Timestamp.from(changes.missingSince()))));
    return merge
        .whenMatched()
        .update(changed)
        .whenNotMatched(not(isMissing))
        .insert(inserted)
        .execute()
        .first();
  }

  /**
   * What bringing each sample would do, in the columns {@code id} and {@code status}. Only ids and
   * a digest of the rest are brought together, so that comparing costs little where little changed.
   */
  private Dataset<Row> statuses(Dataset<Row> samples) {
    Dataset<Row> known = neverBroadcast(compared(samples())).as("known");
    Column etag = col("new.source_etag");
    Column isSameSource =
        when(
                etag.isNotNull().and(col("known.source_etag").isNotNull()),
                etag.equalTo(col("known.source_etag")))
            .otherwise(col("new.source_modified_at").eqNullSafe(col("known.source_modified_at")));
    Column properties = PropertyColumns.merged(col("known.properties"), col("new.properties"));
    Column isSame =
        isSameSource
            .and(col("new." + CONTENT).equalTo(col("known." + CONTENT)))
            .and(properties.eqNullSafe(col("known.properties")));
    return compared(samples)
        .as("new")
        .join(known, col("new.id").equalTo(col("known.id")), "left_outer")
        .select(
            col("new.id"),
            when(col("known.id").isNull(), ADDED)
                .when(isSame, UNCHANGED)
                .otherwise(UPDATED)
                .as(STATUS));
  }

  /**
   * Rows that a join has to shuffle. Spark guesses the size of what is computed, and by a low guess
   * would gather the rows of a large dataset in the driver's memory.
   */
  public static Dataset<Row> neverBroadcast(Dataset<Row> rows) {
    return rows.hint("merge");
  }

  /** Samples by what tells whether they changed. */
  private static Dataset<Row> compared(Dataset<Row> samples) {
    Column[] content =
        Arrays.stream(SampleRows.SCHEMA.fieldNames())
            .filter(name -> !NOT_IN_CONTENT.contains(name))
            .map(name -> col(name))
            .toArray(Column[]::new);
    return samples.select(
        col(KEY),
        col("properties"),
        col("source_modified_at"),
        col("source_etag"),
        sha2(to_json(struct(content)), 256).as(CONTENT));
  }

  private static UpsertCounts counts(Dataset<Row> statuses) {
    Row counts =
        statuses
            .agg(
                count(lit(1)),
                count_distinct(col("id")),
                count_if(col(STATUS).equalTo(ADDED)),
                count_if(col(STATUS).equalTo(UPDATED)))
            .first();
    if (counts.getLong(0) != counts.getLong(1)) {
      List<Row> twice =
          statuses.groupBy("id").count().where(col("count").gt(1)).orderBy("id").takeAsList(3);
      throw new IllegalStateException(
          "Samples to import have %s ids for %s rows, for example %s"
              .formatted(counts.getLong(1), counts.getLong(0), twice));
    }
    long added = counts.getLong(2);
    long updated = counts.getLong(3);
    return new UpsertCounts(added, updated, counts.getLong(0) - added - updated, 0);
  }

  private long setPropertyOnce(String name, Dataset<Row> idAndText) {
    if (!exists(layout.samplesTable())) {
      return 0;
    }
    Dataset<Row> values =
        idAndText.select(col("id"), col("value")).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Column changed = PropertyColumns.with(col("old.properties"), name, col("new.value"));
      Column differs = not(changed.eqNullSafe(col("old.properties")));
      Column matches = col("old.id").equalTo(col("new.id"));
      boolean nothingToDo =
          samples()
              .select("id", "properties")
              .as("old")
              .join(values.as("new"), matches)
              .where(differs)
              .isEmpty();
      if (nothingToDo) {
        return 0;
      }
      return DeltaTable.forPath(spark, path(layout.samplesTable()))
          .as("old")
          .merge(values.as("new"), matches)
          .whenMatched(differs)
          .update(Map.of("properties", changed))
          .execute()
          .first()
          .<Long>getAs("num_updated_rows");
    } finally {
      values.unpersist();
    }
  }

  void append(Dataset<Row> rows, StorageUri table, String... partitionColumns) {
    rows.write()
        .format(DELTA)
        .mode(SaveMode.Append)
        .partitionBy(partitionColumns)
        .save(path(table));
  }

  /** Runs something that commits to a table, again where another writer was faster. */
  <T> T committing(String verb, StorageUri table, Supplier<T> work) {
    DeltaConcurrentModificationException last = null;
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        return work.get();
      } catch (DeltaConcurrentModificationException e) {
        log.info("Lost attempt {} to {} dataset {} to another writer", attempt, verb, info.name());
        last = e;
      }
    }
    throw new DatasetException(
        "Cannot %s dataset %s: other writers were faster %s times, the last of them with %s. Run the command again when they have finished."
            .formatted(verb, info.name(), MOST_ATTEMPTS, lastOperation(table)),
        last);
  }

  private String lastOperation(StorageUri table) {
    if (!exists(table)) {
      return "an unknown operation";
    }
    Row commit = DeltaTable.forPath(spark, path(table)).history(1).first();
    String metadata = commit.getAs("userMetadata");
    return commit.<String>getAs("operation") + (metadata == null ? "" : " " + metadata);
  }

  /** A session whose commits carry a text, apart from that of other threads. */
  SparkSession sessionWithMetadata(String metadata) {
    SparkSession session = spark.newSession();
    CollectionConverters.asJava(spark.conf().getAll())
        .forEach(
            (key, value) -> {
              if (session.conf().isModifiable(key)) {
                session.conf().set(key, value);
              }
            });
    session.conf().set(USER_METADATA, metadata);
    // Its merges join as many rows as the dataset has.
    session.conf().set("spark.sql.autoBroadcastJoinThreshold", "-1");
    return session;
  }

  private static String metadata(ImportId id, UpsertCounts counts) {
    return PropertiesJson.write(
        Properties.EMPTY
            .with("import", id.value())
            .with(ADDED, counts.added())
            .with(UPDATED, counts.updated())
            .with(UNCHANGED, counts.unchanged())
            .with("missing", counts.missing()));
  }

  private Dataset<Row> read(StorageUri table, StructType schema) {
    return exists(table)
        ? spark.read().format(DELTA).load(path(table)).select(columns(schema))
        : spark.createDataFrame(List.of(), schema);
  }

  boolean exists(StorageUri table) {
    return DeltaTable.isDeltaTable(spark, path(table));
  }

  static String path(StorageUri table) {
    return HadoopPaths.of(table).toString();
  }

  static Column[] columns(StructType schema) {
    return Arrays.stream(schema.fieldNames()).map(name -> col(name)).toArray(Column[]::new);
  }
}
