package io.millrace.jobs.spark;

import io.millrace.analysis.AnalysisConfig;
import io.millrace.analysis.AnalysisReport;
import io.millrace.analysis.grouping.GroupingConfig;
import io.millrace.analysis.grouping.GroupingReport;
import io.millrace.analysis.spark.AnalysisJob;
import io.millrace.analysis.spark.GroupingJob;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.spark.DatasetTable;
import java.time.Clock;

/** The analysis jobs as one call each, for commands and the demo alike. */
public final class AnalysisJobs {
  private AnalysisJobs() {}

  public static AnalysisReport analyze(
      SparkEngine engine, DatasetLayout dataset, AnalysisConfig config) {
    DatasetTable table = DatasetTable.open(engine.session(), dataset);
    return new AnalysisJob(engine.session(), table, config, Clock.systemUTC()).run();
  }

  public static GroupingReport group(
      SparkEngine engine, DatasetLayout dataset, GroupingConfig config) {
    DatasetTable table = DatasetTable.open(engine.session(), dataset);
    return new GroupingJob(engine.session(), table, config, Clock.systemUTC()).run();
  }
}
