package io.millrace.jobs.spark;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.delta.spark.DeltaSession;
import io.millrace.dataset.storage.StorageSettings;
import org.apache.spark.sql.SparkSession;

/** A Spark session in this process. */
public final class SparkEngine implements AutoCloseable {
  private final SparkSession session;
  private final Origin origin;

  /** Who ends the session. */
  private enum Origin {
    STARTED_HERE,
    JOINED
  }

  private SparkEngine(SparkSession session, Origin origin) {
    this.session = session;
    this.origin = origin;
  }

  /**
   * Starts Spark in this process, with what {@code spark-submit} configured if that started the
   * process; or joins the session that runs in it already, giving it the storage settings of this
   * process.
   *
   * @param threads tasks that run at once in an embedded session; at least 1
   */
  public static SparkEngine start(int threads) {
    checkArgument(threads >= 1, "Invalid threads: %s (expected at least 1)", threads);
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession running = SparkSession.getDefaultSession().get();
      StorageSettings.ofProcess()
          .properties()
          .forEach(running.sparkContext().hadoopConfiguration()::set);
      return new SparkEngine(running, Origin.JOINED);
    }
    boolean submitted = System.getProperty("spark.master") != null;
    SparkSession.Builder builder =
        submitted ? DeltaSession.submitted("millrace") : DeltaSession.embedded("millrace", threads);
    return new SparkEngine(builder.getOrCreate(), Origin.STARTED_HERE);
  }

  public SparkSession session() {
    return session;
  }

  /** The version of Spark, such as {@code 4.1.0}. */
  public String version() {
    return session.version();
  }

  /** Ends the session if it was started here. */
  @Override
  public void close() {
    if (origin == Origin.STARTED_HERE) {
      session.stop();
    }
  }
}
