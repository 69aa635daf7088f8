package io.millrace.inference.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.inference.BatchConfig;
import io.millrace.inference.BatchOutput;
import io.millrace.inference.Outcome;
import io.millrace.inference.Scorer;
import io.millrace.inference.ScoringInput;
import io.millrace.inference.StageTimes;
import io.millrace.inference.StorageInputReader;
import io.millrace.inference.TaskId;
import io.millrace.inference.model.LoadedModels;
import io.millrace.inference.model.ModelFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/** What an executor does with its share of the inputs. */
final class ScoringTask implements FlatMapFunction<Iterator<Row>, Row> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<ModelFiles> model;
  private final StageCounters counters;
  private final String output;
  private final String taskId;
  private final int batchSize;
  private final int intraOpThreads;

  ScoringTask(Broadcast<ModelFiles> model, StageCounters counters, BatchConfig config) {
    this.model = model;
    this.counters = counters;
    this.output = config.output().value();
    this.taskId = config.taskId().value();
    this.batchSize = config.batchSize();
    this.intraOpThreads = config.intraOpThreads();
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) throws IOException {
    List<ScoringInput> inputs = new ArrayList<>();
    rows.forEachRemaining(row -> inputs.add(InputRows.toInput(row)));
    StorageUri directory = StorageUri.parse(output);
    StageTimes times = new StageTimes();
    try (LoadedModels.Lease lease = LoadedModels.lease(model.value(), intraOpThreads)) {
      Scorer scorer =
          new Scorer(
              lease.model(),
              new StorageInputReader(),
              ObjectStores.of(directory),
              new BatchOutput(directory, new TaskId(taskId)),
              batchSize,
              times);
      List<Outcome> outcomes = scorer.score(inputs);
      return outcomes.stream().map(OutcomeRows::toRow).iterator();
    } finally {
      counters.add(times.totals());
    }
  }
}
