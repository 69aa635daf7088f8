package io.millrace.training.spark;

import io.millrace.training.RunHandle;
import io.millrace.training.TrainingLauncher;
import io.millrace.training.TrainingRun;
import io.millrace.training.gang.GangLauncher;
import io.millrace.training.gang.LaunchSettings;
import java.time.Clock;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs the nodes of a job as the tasks of a barrier stage of a Spark application: Spark gives them
 * all at once, with the devices that it schedules. The launcher is the application's driver.
 *
 * <p>The directory of the runs, the inputs and the outputs have to be on a file system that every
 * worker sees under the same paths, and may be written there by the user of the executors. Nodes
 * connect to the driver at {@code spark.driver.host}, on a port of the system's choice.
 *
 * <p>A run lives as long as this JVM: if the JVM is told to end (SIGTERM, Ctrl-C), its runs are
 * stopped first, grace included; if it is killed, their processes are killed along with it. Stop
 * the Spark context only after the runs have ended.
 */
public final class BarrierLauncher implements TrainingLauncher {
  private final GangLauncher launcher;

  /**
   * A launcher.
   *
   * @param spark the application whose executors run the nodes
   */
  public BarrierLauncher(
      JavaSparkContext spark, LaunchSettings settings, BarrierSettings nodes, Clock clock) {
    SparkSlots slots = new SparkSlots(spark, nodes);
    this.launcher =
        new GangLauncher(
            settings,
            new BarrierNodes(spark, slots, nodes, settings.grace()),
            slots::problemsOf,
            clock);
  }

  /**
   * Makes Spark give up a barrier stage that has become too large for the application within 30 s
   * rather than 10 minutes; what the configuration says of it already stays. Too few slots from the
   * start are noticed without it.
   *
   * @return the same configuration
   */
  public static SparkConf prepare(SparkConf configuration) {
    return configuration
        .setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
        .setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "30");
  }

  @Override
  public RunHandle launch(TrainingRun run) {
    return launcher.launch(run);
  }
}
