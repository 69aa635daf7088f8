package io.millrace.jobs.spark;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.delta.spark.DeltaSession;
import org.apache.spark.sql.SparkSession;

/** A Spark session in this process; it ends when the engine is closed. */
public final class SparkEngine implements AutoCloseable {
  private final SparkSession session;

  private SparkEngine(SparkSession session) {
    this.session = session;
  }

  /**
   * Starts Spark, or joins the session that {@code spark-submit} configured for this process.
   *
   * @param threads tasks that run at once in an embedded session; at least 1
   */
  public static SparkEngine start(int threads) {
    checkArgument(threads >= 1, "Invalid threads: %s (expected at least 1)", threads);
    boolean submitted = System.getProperty("spark.master") != null;
    SparkSession.Builder builder =
        submitted ? DeltaSession.submitted("millrace") : DeltaSession.embedded("millrace", threads);
    return new SparkEngine(builder.getOrCreate());
  }

  public SparkSession session() {
    return session;
  }

  @Override
  public void close() {
    session.stop();
  }
}
