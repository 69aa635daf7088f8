package io.millrace.ingestion.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.ImportRecord;
import io.millrace.dataset.delta.ImportLog;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.dataset.delta.spark.RejectRows;
import io.millrace.dataset.delta.spark.SampleChanges;
import io.millrace.dataset.delta.spark.SessionStorage;
import io.millrace.dataset.delta.spark.UpsertCounts;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.versioning.DatasetInfo;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.ImportProgress;
import io.millrace.ingestion.ImportReport;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.OnError;
import io.millrace.ingestion.layout.Admission;
import io.millrace.ingestion.layout.ImportLayout;
import io.millrace.ingestion.layout.InspectionRules;
import io.millrace.ingestion.layout.LayoutRequest;
import io.millrace.ingestion.layout.Recogniser;
import io.millrace.ingestion.layout.SourceFormat;
import io.millrace.ingestion.layout.SourceFormats;
import io.millrace.ingestion.layout.SourceGlance;
import io.millrace.ingestion.layout.SourcePart;
import io.millrace.ingestion.layout.Stores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports a source into a dataset, in one commit.
 *
 * <p>Tasks list the parts of the source, as streams; tasks inspect what they found, each holding
 * one sample at a time. Nothing is written before every input is inspected and every limit is kept,
 * so that an import that fails leaves the dataset as it was. Then the import is put on record, what
 * it refused that was not refused before, and last, in one commit, what it changes of the samples;
 * killed in between, it is completed by importing again. Importing a source again that did not
 * change writes nothing at all.
 */
public final class ImportJob {
  private static final Logger log = LoggerFactory.getLogger(ImportJob.class);

  /**
   * Up to so many allowed rejects an import stops while it inspects; more are counted at its end.
   */
  private static final long MOST_REJECTS_WATCHED = 1000;

  /** Parts of the work for each task that can run at once: small enough to stop early. */
  private static final int PARTITIONS_A_TASK = 4;

  private final SparkSession spark;
  private final ImportConfig config;
  private final Clock clock;
  private final ImportProgress progress;
  private final StorageSettings storage;

  public ImportJob(SparkSession spark, ImportConfig config, Clock clock, ImportProgress progress) {
    this.spark = requireNonNull(spark, "spark is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.progress = requireNonNull(progress, "progress is null");
    this.storage = SessionStorage.of(spark);
  }

  /** An import that nobody watches. */
  public ImportJob(SparkSession spark, ImportConfig config, Clock clock) {
    this(spark, config, clock, ImportProgress.NONE);
  }

  /**
   * Runs the import.
   *
   * @throws DatasetException if the source cannot be read, does not fit the dataset, or breaks a
   *     limit; the dataset is then as it was
   */
  public ImportReport run() {
    Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
    DatasetTable table = DatasetTable.open(spark, config.dataset());
    ImportId id = ImportId.random();
    Source source = open(table.info());
    try (ProgressWatch watch = ProgressWatch.start(spark.sparkContext(), progress)) {
      Dataset<Row> outcomes =
          outcomes(source, id, startedAt, watch).persist(StorageLevel.MEMORY_AND_DISK());
      try {
        ImportTally tally = inspect(outcomes);
        checkSomethingFound(source, tally);
        checkRejects(tally, outcomes);
        checkLimits(tally, outcomes, table);
        progress.committing();
        UpsertCounts counts = commit(table, outcomes, tally, source, id, startedAt);
        ImportReport report = report(id, table.info(), source, tally, counts, startedAt);
        log.info("Imported {} into {}: {}", config.source(), table.info().name(), report.toLine());
        return report;
      } finally {
        outcomes.unpersist();
      }
    }
  }

  /** The source after all that can be checked before reading it was checked. */
  private Source open(DatasetInfo dataset) {
    try {
      Stores stores = Stores.open(storage);
      SourceGlance glance =
          SourceGlance.of(config.source(), stores)
              .orElseThrow(() -> ImportErrors.sourceMissing(config.source(), config.format()));
      checkDatasetOutsideSource();
      Optional<Recogniser.Recognised> recognised =
          config.format() == ImportFormat.AUTO
              ? Optional.of(Recogniser.recognise(glance, dataset.taskType()))
              : Optional.empty();
      SourceFormat format =
          recognised
              .map(Recogniser.Recognised::format)
              .or(() -> SourceFormats.of(config.format()))
              .orElseThrow(() -> ImportErrors.noLayout(config.source(), config.format(), dataset));
      if (!format.taskTypes().contains(dataset.taskType())) {
        throw ImportErrors.wrongTaskType(config.format(), format.taskTypes(), dataset);
      }
      ImportLayout layout =
          format.open(
              new LayoutRequest(glance, dataset.taskType(), config.limits(), config.text()));
      int tasks = spark.sparkContext().defaultParallelism();
      return new Source(
          format.format(),
          recognised.map(Recogniser.Recognised::explanation).orElse(""),
          layout,
          SourcePart.of(glance, PARTITIONS_A_TASK * tasks));
    } catch (IOException e) {
      throw ImportErrors.storageFailed(config.source(), e);
    }
  }

  /**
   * A source that was opened.
   *
   * @param recognition what it was recognised by; empty text where the format was named
   */
  private record Source(
      ImportFormat format, String recognition, ImportLayout layout, List<SourcePart> parts) {}

  /** The settings compare addresses; here links are followed, which may lead into the source. */
  private void checkDatasetOutsideSource() throws IOException {
    Optional<Path> source = config.source().localPath().filter(Files::exists);
    Optional<Path> dataset = config.dataset().root().localPath().filter(Files::exists);
    if (source.isPresent()
        && dataset.isPresent()
        && dataset.get().toRealPath().startsWith(source.get().toRealPath())) {
      throw ImportErrors.datasetInsideSource(config.source(), config.dataset().root());
    }
  }

  private Dataset<Row> outcomes(
      Source source, ImportId id, Instant startedAt, ProgressWatch watch) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int partitions = PARTITIONS_A_TASK * context.defaultParallelism();
    JavaRDD<Row> entries =
        context
            .parallelize(source.parts(), source.parts().size())
            .flatMap(new ListEntries(source.layout(), storage, watch.listed()));
    return spark
        .createDataFrame(entries, EntryRows.SCHEMA)
        .repartition(partitions, col(EntryRows.KEY))
        .sortWithinPartitions(EntryRows.KEY)
        .mapPartitions(
            new InspectEntries(
                source.layout(),
                InspectionRules.of(config),
                Admission.of(config),
                storage,
                id,
                startedAt,
                watch.inspected()),
            Encoders.row(OutcomeRows.SCHEMA));
  }

  /** Inspects everything, or stops as soon as more is refused than may be. */
  private ImportTally inspect(Dataset<Row> outcomes) {
    try {
      long most =
          config.onError() == OnError.FAIL
              ? 0
              : config.maxRejects() instanceof FailureLimit.Count count
                  ? count.most()
                  : Long.MAX_VALUE;
      if (most <= MOST_REJECTS_WATCHED) {
        List<Row> refused = refused(outcomes).takeAsList((int) most + 1);
        if (refused.size() > most) {
          throw tooManyRejects(refused.get(0));
        }
      }
      return ImportTally.of(outcomes, config.limits().labels());
    } catch (DatasetException e) {
      throw e;
    } catch (RuntimeException e) {
      throw storageFailure(e).orElseThrow(() -> e);
    } catch (Exception e) { // SparkException, which Scala does not declare
      throw storageFailure(e).orElseThrow(() -> new IllegalStateException("Cannot inspect", e));
    }
  }

  private static Dataset<Row> refused(Dataset<Row> outcomes) {
    return outcomes
        .where(col(OutcomeRows.REASON_CODE).isNotNull())
        .select(OutcomeRows.SOURCE, OutcomeRows.REASON_CODE, OutcomeRows.MESSAGE);
  }

  private void checkSomethingFound(Source source, ImportTally tally) {
    if (tally.seen() == 0) {
      throw ImportErrors.nothingFound(
          config.source(), source.format(), tally.notes().getOrDefault(Note.OTHER_FILE, 0L));
    }
  }

  private void checkRejects(ImportTally tally, Dataset<Row> outcomes) {
    if (!config.maxRejects().allows(tally.rejected(), tally.seen())) {
      throw tooManyRejects(refused(outcomes).first());
    }
  }

  private DatasetException tooManyRejects(Row example) {
    String input = example.getString(0);
    String reason = example.getString(1);
    String message = example.getString(2);
    return config.onError() == OnError.FAIL
        ? ImportErrors.rejected(config.source(), input, reason, message)
        : ImportErrors.tooManyRejects(config.source(), config.maxRejects(), input, reason, message);
  }

  private void checkLimits(ImportTally tally, Dataset<Row> outcomes, DatasetTable table) {
    Dataset<Row> known = table.samples();
    long limit = config.limits().samples();
    long before = known.count();
    if (before + tally.accepted() > limit) {
      long added =
          samples(outcomes)
              .select("id")
              .join(DatasetTable.neverBroadcast(known.select("id")), "id", "left_anti")
              .count();
      if (before + added > limit) {
        throw ImportErrors.tooManySamples(config.source(), table.info(), before + added, limit);
      }
    }
    checkLabels(tally, before == 0 ? Set.of() : labels(known), table.info());
  }

  private void checkLabels(ImportTally tally, Set<String> known, DatasetInfo dataset) {
    Set<String> all = new TreeSet<>(known);
    all.addAll(tally.labels());
    if (all.size() > config.limits().labels()) {
      String example = new TreeSet<>(tally.labels()).last();
      throw ImportErrors.tooManyLabels(config.source(), dataset, example, config.limits().labels());
    }
  }

  /** The distinct labels of samples, at most one more than the limit. */
  private Set<String> labels(Dataset<Row> samples) {
    int most = (int) Math.min(Integer.MAX_VALUE, config.limits().labels() + 1);
    Set<String> labels = new TreeSet<>();
    samples
        .select(explode(col("annotations.label")).as("label"))
        .where(col("label").isNotNull())
        .distinct()
        .takeAsList(most)
        .forEach(row -> labels.add(row.getString(0)));
    return labels;
  }

  private UpsertCounts commit(
      DatasetTable table,
      Dataset<Row> outcomes,
      ImportTally tally,
      Source source,
      ImportId id,
      Instant startedAt) {
    ImportLog imports = ImportLog.of(config.dataset());
    ImportRecord importRecord = importRecord(id, source, startedAt);
    Dataset<Row> rejects = table.newRejects(rejects(outcomes, id, startedAt)).persist();
    try {
      boolean refusesMore = tally.rejected() > 0 && !rejects.isEmpty();
      Runnable record =
          () -> {
            imports.append(importRecord);
            if (refusesMore) {
              table.appendRejects(rejects);
            }
          };
      UpsertCounts counts =
          table.apply(changes(table, outcomes, tally, importRecord), id, expected -> record.run());
      if (counts.changed() == 0 && refusesMore) {
        record.run();
      }
      return counts;
    } finally {
      rejects.unpersist();
    }
  }

  private SampleChanges changes(
      DatasetTable table, Dataset<Row> outcomes, ImportTally tally, ImportRecord importRecord) {
    Dataset<Row> samples = samples(outcomes);
    SampleChanges changes = SampleChanges.of(samples);
    Object[] earlier =
        ImportLog.of(config.dataset()).read().stream()
            .filter(
                before ->
                    before.source().equals(importRecord.source())
                        && before.format().equals(importRecord.format()))
            .map(before -> before.id().value())
            .toArray();
    if (earlier.length == 0) {
      return changes;
    }
    Column address = coalesce(col("copied_from"), col("source"));
    Dataset<Row> notFound =
        table
            .samples()
            .where(col("origin").isin(earlier).and(col("missing_since").isNull()))
            .select(col("id"), address.as("address"))
            .join(DatasetTable.neverBroadcast(samples.select("id")), "id", "left_anti")
            // A line that was refused or left out may be the one that holds the content.
            .where(lit(tally.sawAllSamples()).or(not(col("address").startsWith("content://"))));
    Dataset<Row> missing = notFound.filter(new IsMissing(storage)).select("id");
    return switch (config.missing()) {
      case KEEP -> changes.marking(missing, importRecord.startedAt());
      case REMOVE -> changes.removing(missing);
    };
  }

  private ImportRecord importRecord(ImportId id, Source source, Instant startedAt) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    settings.put("on_error", config.onError().name());
    settings.put("max_rejects", config.maxRejects().toString());
    settings.put("boxes_outside", config.boxPolicy().name());
    settings.put("filter", config.filter().where().toString());
    settings.put("copy", config.copy().name());
    settings.put("missing", config.missing().name());
    return new ImportRecord(
        id,
        config.source().canonical(),
        source.format().toString(),
        settings.toString(),
        startedAt);
  }

  private static Dataset<Row> samples(Dataset<Row> outcomes) {
    return outcomes.where(col(OutcomeRows.SAMPLE).isNotNull()).select(OutcomeRows.SAMPLE + ".*");
  }

  private static Dataset<Row> rejects(Dataset<Row> outcomes, ImportId id, Instant at) {
    return refused(outcomes)
        .withColumn("import_id", lit(id.value()))
        .withColumn("rejected_at", lit(Timestamp.from(at)))
        .select(
            RejectRows.SCHEMA.fieldNames()[0],
            java.util.Arrays.copyOfRange(
                RejectRows.SCHEMA.fieldNames(), 1, RejectRows.SCHEMA.length()));
  }

  private ImportReport report(
      ImportId id,
      DatasetInfo dataset,
      Source source,
      ImportTally tally,
      UpsertCounts counts,
      Instant startedAt) {
    return new ImportReport(
        id,
        dataset.name(),
        dataset.taskType().kind(),
        config.source(),
        source.format(),
        source.recognition(),
        tally.seen(),
        counts.added(),
        counts.updated(),
        counts.unchanged(),
        tally.rejections(),
        tally.merged(),
        counts.missing(),
        config.missing(),
        tally.notes(),
        tally.labels().size(),
        Duration.between(startedAt, clock.instant()));
  }

  /** What a task met, if that was the storage or the data and not a defect of ours. */
  private Optional<DatasetException> storageFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatasetException known) {
        return Optional.of(known);
      }
      if (cause instanceof IOException io) {
        return Optional.of(ImportErrors.storageFailed(config.source(), io));
      }
      if (cause instanceof UncheckedIOException unchecked) {
        return Optional.of(ImportErrors.storageFailed(config.source(), unchecked.getCause()));
      }
    }
    return Optional.empty();
  }
}
