package io.millrace.training.spark;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** What becomes of the one stage of one job group. */
final class StageWatch extends SparkListener {
  private static final String GROUP = "spark.jobGroup.id";

  private final String group;
  private final Set<Integer> stages = ConcurrentHashMap.newKeySet();
  private final Set<Integer> started = ConcurrentHashMap.newKeySet();
  private volatile OptionalInt firstEnded = OptionalInt.empty();
  private volatile Optional<String> failure = Optional.empty();

  StageWatch(String group) {
    this.group = group;
  }

  /** How many tasks have begun. */
  int started() {
    return started.size();
  }

  /** The first task that has ended, however. */
  OptionalInt firstEnded() {
    return firstEnded;
  }

  /** Why Spark has given the stage up, or is about to try it again; empty if it has not. */
  Optional<String> failure() {
    return failure;
  }

  @Override
  public void onJobStart(SparkListenerJobStart job) {
    if (job.properties() != null && group.equals(job.properties().getProperty(GROUP))) {
      job.stageIds().foreach(id -> stages.add((Integer) id));
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart task) {
    if (stages.contains(task.stageId())) {
      started.add(task.taskInfo().index());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    if (stages.contains(task.stageId()) && firstEnded.isEmpty()) {
      firstEnded = OptionalInt.of(task.taskInfo().index());
    }
  }

  @Override
  public void onStageCompleted(SparkListenerStageCompleted stage) {
    if (stages.contains(stage.stageInfo().stageId())
        && stage.stageInfo().failureReason().isDefined()) {
      failure = Optional.of(stage.stageInfo().failureReason().get());
    }
  }
}
