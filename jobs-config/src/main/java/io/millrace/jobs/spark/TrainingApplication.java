package io.millrace.jobs.spark;

import io.millrace.dataset.DatasetException;
import io.millrace.training.TrainingLauncher;
import io.millrace.training.gang.LaunchSettings;
import io.millrace.training.spark.BarrierLauncher;
import io.millrace.training.spark.BarrierSettings;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** A Spark application in this process whose executors run the nodes of training jobs. */
public final class TrainingApplication implements AutoCloseable {
  private static final String MASTER = "spark.master";

  private final JavaSparkContext context;

  private TrainingApplication(JavaSparkContext context) {
    this.context = context;
  }

  /**
   * Starts the application, with what {@code spark-submit} configured if that started the process.
   *
   * @param master goes before that of {@code spark-submit}
   * @param settings of the application, by Spark's names
   * @throws DatasetException if there is no master, or Spark cannot be started
   */
  public static TrainingApplication start(Optional<String> master, Map<String, String> settings) {
    SparkConf configuration = new SparkConf();
    boolean submitted = configuration.contains(MASTER);
    master.ifPresent(configuration::setMaster);
    settings.forEach(configuration::set);
    if (!configuration.contains(MASTER)) {
      throw new DatasetException(
          "Cannot start Spark: there is no master. Give --master URL, or start millrace by spark-submit.");
    }
    configuration.setAppName("millrace train");
    if (!submitted) {
      configuration
          .setIfMissing("spark.ui.enabled", "false")
          .setIfMissing("spark.ui.showConsoleProgress", "false");
      if (!configuration.contains("spark.jars")) {
        SparkContext.jarOfClass(BarrierLauncher.class)
            .foreach(jar -> configuration.setJars(new String[] {jar}));
      }
    }
    try {
      return new TrainingApplication(new JavaSparkContext(BarrierLauncher.prepare(configuration)));
    } catch (RuntimeException e) {
      throw new DatasetException(
          "Cannot start Spark with the master %s: %s. Check --master and --spark-conf."
              .formatted(
                  configuration.get(MASTER),
                  String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  /** A launcher of runs on the executors. */
  public TrainingLauncher launcher(LaunchSettings settings, BarrierSettings nodes, Clock clock) {
    return new BarrierLauncher(context, settings, nodes, clock);
  }

  /** Ends the application; its runs have to be over. */
  @Override
  public void close() {
    context.close();
  }
}
