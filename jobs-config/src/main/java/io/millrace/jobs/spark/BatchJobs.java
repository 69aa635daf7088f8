package io.millrace.jobs.spark;

import io.millrace.inference.BatchConfig;
import io.millrace.inference.BatchReport;
import io.millrace.inference.spark.BatchJob;
import java.time.Clock;

/** Batch inference as one call, for the command and the demo alike. */
public final class BatchJobs {
  private BatchJobs() {}

  public static BatchReport run(SparkEngine engine, BatchConfig config) {
    return new BatchJob(engine.session(), config, Clock.systemUTC()).run();
  }
}
