package io.millrace.ingestion.spark;

import io.millrace.ingestion.ImportProgress;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import scala.collection.Iterable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tells an {@link ImportProgress} what the tasks count: when a task ends, and, of tasks that run,
 * with each heartbeat of their executor.
 */
final class ProgressWatch extends SparkListener implements AutoCloseable {
  private final SparkContext context;
  private final ImportProgress progress;
  private final LongAccumulator listed;
  private final LongAccumulator inspected;
  private final Map<Long, Map<Long, Long>> ofRunningTasks = new HashMap<>();
  private final Map<Long, Long> ofEndedTasks = new HashMap<>();

  private ProgressWatch(SparkContext context, ImportProgress progress) {
    this.context = context;
    this.progress = progress;
    this.listed = context.longAccumulator("entries listed");
    this.inspected = context.longAccumulator("entries inspected");
  }

  static ProgressWatch start(SparkContext context, ImportProgress progress) {
    ProgressWatch watch = new ProgressWatch(context, progress);
    context.addSparkListener(watch);
    return watch;
  }

  /** Counts the entries that were found. */
  LongAccumulator listed() {
    return listed;
  }

  /** Counts the entries that are done. */
  LongAccumulator inspected() {
    return inspected;
  }

  @Override
  public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    CollectionConverters.asJava(update.accumUpdates())
        .forEach(task -> ofRunningTasks.put(((Number) task._1()).longValue(), counts(task._4())));
    tell();
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    ofRunningTasks.remove(end.taskInfo().taskId());
    counts(end.taskInfo().accumulables())
        .forEach((accumulator, count) -> ofEndedTasks.merge(accumulator, count, Long::sum));
    tell();
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
  }

  private void tell() {
    long found = total(listed);
    long done = total(inspected);
    if (done > 0) {
      progress.inspected(done, found);
    } else if (found > 0) {
      progress.listed(found);
    }
  }

  private long total(LongAccumulator accumulator) {
    long running =
        ofRunningTasks.values().stream()
            .mapToLong(counts -> counts.getOrDefault(accumulator.id(), 0L))
            .sum();
    return ofEndedTasks.getOrDefault(accumulator.id(), 0L) + running;
  }

  private Map<Long, Long> counts(Iterable<AccumulableInfo> accumulables) {
    Map<Long, Long> counts = new HashMap<>();
    for (AccumulableInfo info : CollectionConverters.asJava(accumulables)) {
      boolean isOurs = info.id() == listed.id() || info.id() == inspected.id();
      if (isOurs && info.update().isDefined() && info.update().get() instanceof Number number) {
        counts.put(info.id(), number.longValue());
      }
    }
    return counts;
  }
}
