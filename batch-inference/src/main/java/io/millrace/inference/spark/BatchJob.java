package io.millrace.inference.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.HadoopPaths;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.dataset.delta.spark.SampleRows;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.inference.BatchConfig;
import io.millrace.inference.BatchInput;
import io.millrace.inference.BatchOutput;
import io.millrace.inference.BatchReport;
import io.millrace.inference.FailureReason;
import io.millrace.inference.InputList;
import io.millrace.inference.ListedInput;
import io.millrace.inference.Outcome;
import io.millrace.inference.OutputCheck;
import io.millrace.inference.ResultManifest;
import io.millrace.inference.ScoringInput;
import io.millrace.inference.StageTimes;
import io.millrace.inference.TaskRecord;
import io.millrace.inference.model.LoadedModels;
import io.millrace.inference.model.ModelFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores images with a model inside Spark's executors. Each answer is a file of its own and is
 * there as soon as it is known; the table, the report and, last, the manifest follow when every
 * input was tried. A job that dies is run again with the same task id: it scores what has no answer
 * yet and ends with the same results.
 */
public final class BatchJob {
  private static final Logger log = LoggerFactory.getLogger(BatchJob.class);

  /** A larger share makes a lost executor cost more, a smaller one makes reading ahead useless. */
  private static final int INPUTS_A_TASK = 256;

  private static final int ROWS_A_FILE = 100_000;

  private final SparkSession spark;
  private final BatchConfig config;
  private final Clock clock;
  private final BatchOutput output;
  private final ObjectStore store;

  public BatchJob(SparkSession spark, BatchConfig config, Clock clock) {
    this.spark = requireNonNull(spark, "spark is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.output = new BatchOutput(config.output(), config.taskId());
    this.store = ObjectStores.of(config.output());
  }

  /**
   * Runs the job.
   *
   * @return what came of it; failed inputs do not make it fail, see {@link BatchReport#verdict()}
   * @throws DatasetException before anything is scored if input, model or output are of no use;
   *     afterwards if the output can no longer be written
   */
  public BatchReport run() {
    OutputCheck.checkOutside(config.input(), config.output());
    ModelFiles files = ModelFiles.read(ObjectStores.of(config.model()), config.model());
    try (LoadedModels.Lease loaded = LoadedModels.lease(files, config.intraOpThreads())) {
      InputList inputs = list();
      long large = warnOfLargeImages(inputs);
      claimOutput(files, inputs);
      log.info(
          "Started task {}: {} inputs of {}, model {} (batches of at most {})",
          config.taskId(),
          inputs.inputs().size(),
          config.input(),
          files.location(),
          Math.min(config.batchSize(), loaded.model().maxBatch()));
      BatchReport report = score(files, inputs, large);
      log.info(
          "Finished task {}: {} successful ({} from before), {} failed in {} ms",
          config.taskId(),
          report.successful(),
          report.reused(),
          report.failed(),
          report.scoring().toMillis());
      return report;
    }
  }

  private InputList list() {
    if (config.input() instanceof BatchInput.Directory directory) {
      return InputList.ofDirectory(ObjectStores.of(directory.uri()), directory.uri());
    } else if (config.input() instanceof BatchInput.ManifestFile manifest) {
      return InputList.ofManifest(ObjectStores.of(manifest.uri()), manifest.uri(), clock.instant());
    } else if (config.input() instanceof BatchInput.Version version) {
      return listVersion(version);
    }
    throw new IllegalStateException("Unknown input " + config.input());
  }

  /** The samples of the part, by source: the same order in every run. */
  private InputList listVersion(BatchInput.Version input) {
    DatasetTable table = DatasetTable.open(spark, input.layout());
    DatasetVersion version = table.history().resolve(input.ref());
    List<ListedInput> samples =
        table.version(version).collectAsList().stream()
            .map(SampleRows::toSample)
            .filter(sample -> input.part().includes(sample.usage()))
            .sorted(
                Comparator.comparing((Sample sample) -> sample.source().value())
                    .thenComparing(Sample::id))
            .<ListedInput>map(
                sample ->
                    new ListedInput.Image(
                        sample.source(), OptionalLong.of(sample.sizeBytes()), sample.annotations()))
            .toList();
    if (samples.isEmpty()) {
      throw new DatasetException(
          "Cannot score %s@%s, part %s: no sample of the version is in this part (parts: %s). Choose another part, or publish a version with a split."
              .formatted(table.info().name(), version.name(), input.part(), version.parts()));
    }
    String identity =
        "%s@%s (%s), part %s"
            .formatted(table.info().name(), version.name(), version.publishId(), input.part());
    return new InputList(identity, samples, Optional.empty(), 0);
  }

  private static long warnOfLargeImages(InputList inputs) {
    long large = inputs.countLargerThan(BatchReport.RECOMMENDED_IMAGE_BYTES);
    if (large > 0) {
      log.warn(
          "Found {} images over the recommended {} bytes; they are scored as well",
          large,
          BatchReport.RECOMMENDED_IMAGE_BYTES);
    }
    return large;
  }

  private void claimOutput(ModelFiles files, InputList inputs) {
    try {
      new TaskRecord(files.digest(), inputs.identity()).claim(store, output);
    } catch (IOException e) {
      throw new DatasetException(
          "Cannot write results to %s: %s. Choose a directory that can be written."
              .formatted(config.output(), e.getMessage()),
          e);
    }
  }

  private BatchReport score(ModelFiles files, InputList inputs, long large) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<ModelFiles> broadcast = context.broadcast(files);
    StageCounters counters = new StageCounters(spark.sparkContext());
    List<ScoringInput> toScore = inputs.toScore(output, answered());
    JavaRDD<Row> outcomes =
        context
            .parallelize(
                toScore.stream().map(InputRows::toRow).toList(), tasks(context, toScore.size()))
            .mapPartitions(new ScoringTask(broadcast, counters, config))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long start = System.nanoTime();
      outcomes.count();
      Duration scoring = Duration.ofNanos(System.nanoTime() - start);
      writeTable(context, outcomes, inputs);
      Tally tally = new Tally();
      int manifests = writeManifests(outcomes.toLocalIterator(), inputs, tally);
      BatchReport report = report(inputs, large, scoring, counters.totals(), tally, manifests);
      write(output.report(), report.toJson());
      return report;
    } catch (Exception e) {
      // Spark's checked exceptions come undeclared from Scala.
      throw interrupted(e);
    } finally {
      outcomes.unpersist(false);
      broadcast.destroy();
    }
  }

  private Set<String> answered() {
    try (Stream<StoredObject> answers = store.list(output.answers())) {
      return answers
          .map(answer -> answer.uri().canonical().value())
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw interrupted(e);
    }
  }

  private static int tasks(JavaSparkContext context, int inputs) {
    int bySize = (inputs + INPUTS_A_TASK - 1) / INPUTS_A_TASK;
    return Math.max(1, Math.min(inputs, Math.max(context.defaultParallelism(), bySize)));
  }

  private void writeTable(JavaSparkContext context, JavaRDD<Row> outcomes, InputList inputs)
      throws IOException {
    List<Row> broken =
        IntStream.range(0, inputs.inputs().size())
            .filter(position -> inputs.inputs().get(position) instanceof ListedInput.BrokenLine)
            .mapToObj(position -> OutcomeRows.toRow(brokenLine(inputs, position)))
            .toList();
    JavaRDD<Row> rows =
        broken.isEmpty() ? outcomes : outcomes.union(context.parallelize(broken, 1));
    spark
        .createDataFrame(rows, OutcomeRows.SCHEMA)
        .drop("origin")
        .coalesce(1 + inputs.inputs().size() / ROWS_A_FILE)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(HadoopPaths.of(output.unfinishedTable()).toString());
    store.delete(output.table());
    store.rename(output.unfinishedTable(), output.table());
  }

  private int writeManifests(Iterator<Row> rows, InputList inputs, Tally tally) throws IOException {
    Iterator<String> lines =
        IntStream.range(0, inputs.inputs().size())
            .mapToObj(
                position -> {
                  Outcome outcome =
                      inputs.inputs().get(position) instanceof ListedInput.BrokenLine
                          ? brokenLine(inputs, position)
                          : OutcomeRows.toOutcome(rows.next());
                  tally.add(outcome, inputs.truth(position));
                  return ResultManifest.line(outcome);
                })
            .iterator();
    return new ResultManifest(store, output, config.manifestBytes()).write(lines);
  }

  private static Outcome brokenLine(InputList inputs, int position) {
    ListedInput.BrokenLine line = (ListedInput.BrokenLine) inputs.inputs().get(position);
    return new Outcome.Failed(position, line.place(), FailureReason.BROKEN_LINE, line.reason());
  }

  private BatchReport report(
      InputList inputs,
      long large,
      Duration scoring,
      StageTimes.Totals times,
      Tally tally,
      int manifests) {
    boolean allowed = config.maxFailures().allows(tally.failed(), tally.inputs());
    return new BatchReport(
        config.taskId(),
        allowed ? BatchReport.Verdict.SUCCEEDED : BatchReport.Verdict.TOO_MANY_FAILURES,
        tally.inputs(),
        tally.successful(),
        tally.failed(),
        tally.failures(),
        tally.reused(),
        inputs.ignored(),
        large,
        scoring,
        times,
        output.answers(),
        IntStream.range(0, manifests).mapToObj(output::manifest).toList(),
        output.table(),
        tally.evaluation());
  }

  private void write(StorageUri object, String text) throws IOException {
    try (OutputStream stream = store.create(object)) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The failure as a sentence that says how to go on. */
  private DatasetException interrupted(Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof DatasetException)) {
      cause = cause.getCause();
    }
    return new DatasetException(
        "Cannot finish task %s: %s. Run it again with the same task id: it goes on from the answers that are there."
            .formatted(config.taskId(), cause.getMessage()),
        failure);
  }
}
