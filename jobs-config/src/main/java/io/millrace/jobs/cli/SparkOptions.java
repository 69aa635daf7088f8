package io.millrace.jobs.cli;

import io.millrace.jobs.spark.SparkEngine;
import picocli.CommandLine.Option;

/** The options of commands that start Spark in this process. */
final class SparkOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Spark tasks that run at once (default: the processors of this machine).")
  int threads = Runtime.getRuntime().availableProcessors();

  SparkEngine start() {
    SparkEngine engine = SparkEngine.start(threads);
    Logging.quietKernel();
    return engine;
  }
}
