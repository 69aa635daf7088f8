package io.millrace.jobs.spark;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.spark.BranchJob;
import io.millrace.dataset.delta.spark.DiffJob;
import io.millrace.dataset.delta.spark.MergeJob;
import io.millrace.dataset.delta.spark.RollbackJob;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.merging.MergeConfig;
import io.millrace.dataset.merging.MergeReport;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.RollbackConfig;
import io.millrace.dataset.versioning.RollbackReport;
import java.time.Clock;

/** The jobs on branches and states of samples, as one call each. */
public final class StateJobs {
  private StateJobs() {}

  public static DatasetVersion branch(
      SparkEngine engine, DatasetCatalog catalog, BranchName name, DatasetRef from) {
    String user = System.getProperty("user.name");
    return new BranchJob(engine.session(), catalog, user, Clock.systemUTC()).run(name, from);
  }

  public static DiffJob diff(
      SparkEngine engine, DatasetCatalog catalog, StateRef from, StateRef to, SampleFilter where) {
    return new DiffJob(engine.session(), catalog, from, to, where);
  }

  public static MergeReport merge(SparkEngine engine, DatasetCatalog catalog, MergeConfig config) {
    return new MergeJob(engine.session(), catalog, config, Clock.systemUTC()).run();
  }

  public static RollbackReport rollback(
      SparkEngine engine, DatasetCatalog catalog, RollbackConfig config) {
    return new RollbackJob(engine.session(), catalog, config, Clock.systemUTC()).run();
  }
}
