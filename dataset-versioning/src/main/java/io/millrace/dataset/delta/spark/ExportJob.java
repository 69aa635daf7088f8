package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportErrors;
import io.millrace.dataset.export.ExportId;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportReport;
import io.millrace.dataset.export.ExportTally;
import io.millrace.dataset.export.ExportTarget;
import io.millrace.dataset.export.LeftOutList;
import io.millrace.dataset.export.OnLoss;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports samples of a dataset to files.
 *
 * <p>Tasks write files and parts of lists, each holding one sample at a time; the driver joins the
 * lists as streams and makes the target complete. A process that dies leaves nothing that looks
 * complete; see {@link ExportTarget}.
 */
public final class ExportJob {
  private static final Logger log = LoggerFactory.getLogger(ExportJob.class);

  private final DatasetTable table;
  private final ExportConfig config;
  private final Clock clock;
  private final StorageSettings storage;

  public ExportJob(SparkSession spark, DatasetTable table, ExportConfig config, Clock clock) {
    this.table = requireNonNull(table, "table is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.storage = SessionStorage.of(requireNonNull(spark, "spark is null"));
  }

  /**
   * Exports.
   *
   * @throws DatasetException if the format does not fit the dataset, nothing is selected or can be
   *     exported, the target holds something or cannot be written, or something would be lost and
   *     must not; there is no target then
   */
  public ExportReport run() {
    Instant startedAt = clock.instant();
    ExportId id = ExportId.of(startedAt, new SecureRandom());
    ExportTarget target =
        ExportTarget.of(
            config.target(), ObjectStores.of(config.target(), storage), id, config.whenNotEmpty());
    ExportSelection selection = ExportSelection.of(table, config);
    ExportRun run = new ExportRun(config, target, selection.subject());
    run.check(selection.taskType(), table.layout().root());
    ExportSelection.Survey survey = selection.survey();
    if (survey.parts().isEmpty()) {
      throw ExportErrors.noSamples(selection.subject(), selection.text());
    }
    ExportPlan plan =
        new ExportPlan(
            selection.name(),
            selection.taskType(),
            config.media(),
            target.staging(),
            config.target(),
            survey.labels(),
            survey.parts());
    if (config.onLoss() == OnLoss.FAIL) {
      checkLossless(selection, plan);
    }
    ExportReport report =
        run.write(() -> write(id, startedAt, selection, plan), ExportReport::toJson);
    log.info("Exported {} to {}: {}", selection.subject(), config.target(), report.toLine());
    return report;
  }

  private void checkLossless(ExportSelection selection, ExportPlan plan) {
    ExportTally tally = new ExportTally();
    selection
        .samples()
        .javaRDD()
        .mapPartitions(new ExportTrial(config.format(), plan))
        .collect()
        .forEach(tally::add);
    if (!tally.isLossless()) {
      throw ExportErrors.wouldLose(selection.subject(), config.format(), tally);
    }
  }

  private ExportReport write(
      ExportId id, Instant startedAt, ExportSelection selection, ExportPlan plan)
      throws IOException {
    List<ExportTask.Result> results =
        selection
            .named()
            .javaRDD()
            .mapPartitionsWithIndex(new ExportTask(config.format(), plan, storage), false)
            .collect()
            .stream()
            .sorted(Comparator.comparing(ExportTask.Result::task))
            .toList();
    ExportTally tally = new ExportTally();
    Map<String, Set<Integer>> lists = new TreeMap<>();
    for (ExportTask.Result result : results) {
      tally.add(result.tally());
      result
          .lists()
          .forEach(list -> lists.computeIfAbsent(list, l -> new TreeSet<>()).add(result.task()));
    }
    if (tally.exported() == 0) {
      throw ExportErrors.nothingExported(selection.subject(), config.format(), tally);
    }
    if (config.onLoss() == OnLoss.FAIL && !tally.isLossless()) {
      throw ExportErrors.wouldLose(selection.subject(), config.format(), tally);
    }
    ExportAssembly assembly = new ExportAssembly(plan.staging(), storage, lists);
    config.format().finish(plan, assembly);
    if (assembly.has(LeftOutList.PATH)) {
      assembly.join(LeftOutList.PATH);
    }
    assembly.removeParts();
    return new ExportReport(
        id,
        selection.subject(),
        selection.text(),
        config.format().name(),
        config.media(),
        config.target(),
        tally,
        assembly.files() + results.stream().mapToLong(ExportTask.Result::files).sum(),
        assembly.bytes() + results.stream().mapToLong(ExportTask.Result::bytes).sum(),
        startedAt,
        Duration.between(startedAt, clock.instant()));
  }
}
