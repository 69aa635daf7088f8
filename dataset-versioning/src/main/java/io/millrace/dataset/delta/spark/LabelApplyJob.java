package io.millrace.dataset.delta.spark;

import static io.millrace.dataset.delta.spark.DatasetTable.neverBroadcast;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Properties;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.labels.EditRun;
import io.millrace.dataset.labels.LabelEditCounts;
import io.millrace.dataset.labels.LabelEditReport;
import io.millrace.dataset.labels.LabelEditReport.Result;
import io.millrace.dataset.labels.LabelErrors;
import io.millrace.dataset.labels.RefusedLabel.Reason;
import io.millrace.dataset.labels.SuggestionCounts;
import io.millrace.dataset.labels.SuggestionCounts.Refusals;
import io.millrace.dataset.labels.SuggestionPolicy;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives samples of a dataset's working state the labels that a model's result manifest suggests for
 * them, in one commit. A line belongs to the sample of its id, else to the one of its source, else
 * to the one that is a copy of its source; several lines of one sample count as one.
 *
 * <p>Like {@link LabelEditJob} it commits nothing if nothing changes, and starts again if another
 * writer came between.
 */
public final class LabelApplyJob {
  private static final Logger log = LoggerFactory.getLogger(LabelApplyJob.class);
  private static final String OPERATION = "label apply";
  private static final String SAMPLE_ID = "sample_id";
  private static final UserDefinedFunction KEY =
      udf(
          (UDF1<String, String>)
              source -> source == null ? null : SampleId.ofSource(StorageUri.parse(source)).value(),
          DataTypes.StringType);

  private final DatasetTable table;
  private final StorageUri manifest;
  private final SuggestionPolicy policy;
  private final EditRun run;
  private final LabelCommit commit;
  private final StorageSettings storage;

  /**
   * @param manifest a file in the manifest format, maybe with gzip
   */
  public LabelApplyJob(
      DatasetTable table, StorageUri manifest, SuggestionPolicy policy, EditRun run, Clock clock) {
    this.table = requireNonNull(table, "table is null");
    this.manifest = requireNonNull(manifest, "manifest is null");
    this.policy = requireNonNull(policy, "policy is null");
    this.run = requireNonNull(run, "run is null");
    this.storage = SessionStorage.of(table.spark());
    this.commit =
        new LabelCommit(
            table,
            OPERATION,
            Properties.EMPTY
                .with("from", manifest.toString())
                .with("threshold", BigDecimal.valueOf(policy.threshold()))
                .with("human-labels", policy.humanLabels().name())
                .with("annotator", policy.annotator()),
            run,
            clock);
  }

  /**
   * Gives the labels.
   *
   * @throws DatasetException if the manifest is not there or too large, the dataset has no labels
   *     by its type or would have too many, or other writers were faster too often
   */
  public LabelEditReport run() {
    LabelEditJob.checkHasLabels(table, OPERATION);
    checkManifest();
    LabelEditReport report =
        table.committing("do " + OPERATION + " in", table.layout().samplesTable(), this::runOnce);
    if (report.result() == Result.COMMITTED) {
      commit.copyAudit();
      log.info(
          "Applied labels from {} to {}: {} samples changed, {} refusals",
          manifest,
          table.info().name(),
          report.counts().changed(),
          report.suggestions().map(SuggestionCounts::refusals).orElse(0L));
    }
    return report;
  }

  private void checkManifest() {
    try {
      if (ObjectStores.of(manifest, storage).find(manifest).isEmpty()) {
        throw LabelErrors.noManifest(manifest);
      }
    } catch (IOException e) {
      throw LabelErrors.unreadableManifest(manifest, e);
    }
  }

  private LabelEditReport runOnce() {
    Dataset<Row> samples = table.samplesAtThisMoment();
    Dataset<Row> lines = matched(lines(), samples).persist(StorageLevel.MEMORY_AND_DISK());
    Dataset<Row> edited = edited(samples, lines).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      LabelEditCounts counts = LabelCommit.counts(edited);
      SuggestionCounts suggestions = suggestionCounts(lines, edited);
      Result result = Result.NOTHING_TO_DO;
      if (!counts.isNothing()) {
        commit.checkFresh(LabelCommit.labels(edited), LabelQueries.names(samples));
        result = run.mode() == EditRun.Mode.DRY_RUN ? Result.DRY_RUN : Result.COMMITTED;
      }
      if (result == Result.COMMITTED) {
        commit.commit(edited, joined(counts.toProperties(), suggestions.toProperties()));
      }
      return new LabelEditReport(
          table.info().name(), OPERATION, result, counts, Optional.of(suggestions));
    } finally {
      edited.unpersist();
      lines.unpersist();
    }
  }

  private static Properties joined(Properties first, Properties second) {
    Map<String, Object> all = new LinkedHashMap<>(first.values());
    all.putAll(second.values());
    return new Properties(all);
  }

  /** Rows of {@link SuggestionLines#SCHEMA}: read by one task, their files opened by all. */
  private Dataset<Row> lines() {
    return table
        .spark()
        .createDataset(List.of(manifest.value()), Encoders.STRING())
        .flatMap(new SuggestionLines(storage, run.limits()), Encoders.row(SuggestionLines.SCHEMA))
        .repartition(table.spark().sparkContext().defaultParallelism())
        .map(new OpenObjectFiles(storage, run.limits()), Encoders.row(SuggestionLines.SCHEMA));
  }

  /** Lines with the id of the sample that each belongs to, and with why it is refused if it is. */
  private static Dataset<Row> matched(Dataset<Row> lines, Dataset<Row> samples) {
    Dataset<Row> ids = samples.select(col("id").as("by_id"));
    Dataset<Row> sources =
        samples
            .select(
                col("id"),
                explode(
                        array_distinct(
                            array(KEY.apply(col("source")), KEY.apply(col("copied_from")))))
                    .as("known_key"))
            .where(col("known_key").isNotNull())
            .groupBy("known_key")
            .agg(min("id").as("by_source"));
    Column sampleId = coalesce(col("by_id"), col("by_source"));
    Column reason =
        when(col("reason").isNotNull(), col("reason"))
            .when(sampleId.isNull(), Reason.UNKNOWN_SAMPLE.name())
            .when(size(col("annotations")).equalTo(0), Reason.NO_LABELS.name());
    Column place = concat(lit("line "), col("line"), lit(": "), col("address"));
    return lines
        .join(neverBroadcast(ids), col("id").equalTo(col("by_id")), "left_outer")
        .join(neverBroadcast(sources), col("key").equalTo(col("known_key")), "left_outer")
        .select(
            col("line"),
            sampleId.as(SAMPLE_ID),
            col("annotations"),
            reason.as("reason"),
            coalesce(col("message"), place).as("message"));
  }

  /** Rows of {@link EditedRows#SCHEMA}, of the samples for which something is suggested. */
  private Dataset<Row> edited(Dataset<Row> samples, Dataset<Row> lines) {
    Column inOrder = array_sort(collect_list(struct(col("line"), col("annotations"))));
    Dataset<Row> suggested =
        lines
            .where(col("reason").isNull())
            .groupBy(SAMPLE_ID)
            .agg(flatten(transform(inOrder, line -> line.getField("annotations"))).as("suggested"));
    return EditedRows.withDigest(samples)
        .join(neverBroadcast(suggested), col("id").equalTo(col(SAMPLE_ID)))
        .drop(SAMPLE_ID)
        .map(new GiveSuggestions(policy), Encoders.row(EditedRows.SCHEMA));
  }

  private static SuggestionCounts suggestionCounts(Dataset<Row> lines, Dataset<Row> edited) {
    Row labels =
        edited.agg(coalesce(sum("taken"), lit(0L)), coalesce(sum("known"), lit(0L))).first();
    Dataset<Row> refusedLabels =
        edited.select(explode(col("refused")).as("r")).select("r.reason", "r.message");
    Map<Reason, Refusals> refused = new EnumMap<>(Reason.class);
    lines
        .where(col("reason").isNotNull())
        .select("reason", "message")
        .union(refusedLabels)
        .groupBy("reason")
        .agg(count(lit(1)), min("message"))
        .collectAsList()
        .forEach(
            row ->
                refused.put(
                    Reason.valueOf(row.getString(0)),
                    new Refusals(row.getLong(1), row.getString(2))));
    return new SuggestionCounts(lines.count(), labels.getLong(0), labels.getLong(1), refused);
  }
}
