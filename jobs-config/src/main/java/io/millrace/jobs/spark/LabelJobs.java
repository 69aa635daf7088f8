package io.millrace.jobs.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.dataset.delta.spark.LabelApplyJob;
import io.millrace.dataset.delta.spark.LabelEditJob;
import io.millrace.dataset.delta.spark.LabelQueries;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.labels.EditRun;
import io.millrace.dataset.labels.LabelEdit;
import io.millrace.dataset.labels.LabelEditReport;
import io.millrace.dataset.labels.LabelUse;
import io.millrace.dataset.labels.SuggestionPolicy;
import java.time.Clock;
import java.util.List;

/** The label jobs as one call each. */
public final class LabelJobs {
  private LabelJobs() {}

  public static List<LabelUse> list(SparkEngine engine, DatasetLayout dataset) {
    return LabelQueries.uses(DatasetTable.open(engine.session(), dataset));
  }

  public static LabelEditReport edit(
      SparkEngine engine,
      DatasetLayout dataset,
      LabelEdit edit,
      SampleFilter selection,
      EditRun run) {
    DatasetTable table = DatasetTable.open(engine.session(), dataset);
    return new LabelEditJob(table, edit, selection, run, Clock.systemUTC()).run();
  }

  public static LabelEditReport apply(
      SparkEngine engine,
      DatasetLayout dataset,
      StorageUri manifest,
      SuggestionPolicy policy,
      EditRun run) {
    DatasetTable table = DatasetTable.open(engine.session(), dataset);
    return new LabelApplyJob(table, manifest, policy, run, Clock.systemUTC()).run();
  }
}
