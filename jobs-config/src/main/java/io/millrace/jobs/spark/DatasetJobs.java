package io.millrace.jobs.spark;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DeltaDatasetHistory;
import io.millrace.dataset.delta.spark.DatasetExportJob;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.dataset.delta.spark.ExportJob;
import io.millrace.dataset.delta.spark.GcJob;
import io.millrace.dataset.delta.spark.PublishJob;
import io.millrace.dataset.delta.spark.TableExportJob;
import io.millrace.dataset.delta.spark.VerifyJob;
import io.millrace.dataset.export.DatasetExportReport;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportReport;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.export.TableExportReport;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.GcReport;
import io.millrace.dataset.versioning.GcReport.GcMode;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.dataset.versioning.VersionVerification;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportProgress;
import io.millrace.ingestion.ImportReport;
import io.millrace.ingestion.spark.ImportJob;
import io.millrace.ingestion.spark.TableImportJob;
import io.millrace.ingestion.table.JdbcCredentials;
import io.millrace.ingestion.table.TableImportConfig;
import io.millrace.ingestion.table.TableImportReport;
import java.time.Clock;
import java.util.Set;

/** The dataset jobs as one call each, for commands and the demo alike. */
public final class DatasetJobs {
  private DatasetJobs() {}

  public static ImportReport importInto(SparkEngine engine, ImportConfig config) {
    return importInto(engine, config, ImportProgress.NONE);
  }

  public static ImportReport importInto(
      SparkEngine engine, ImportConfig config, ImportProgress progress) {
    return new ImportJob(engine.session(), config, Clock.systemUTC(), progress).run();
  }

  public static TableImportReport importTable(
      SparkEngine engine, TableImportConfig config, JdbcCredentials credentials) {
    return new TableImportJob(engine.session(), config, credentials, Clock.systemUTC()).run();
  }

  public static DatasetVersion publish(
      SparkEngine engine, DatasetLayout dataset, PublishRequest request) {
    DatasetTable table = DatasetTable.open(engine.session(), dataset);
    return new PublishJob(engine.session(), table, request, Clock.systemUTC()).run();
  }

  public static ExportReport export(
      SparkEngine engine, DatasetLayout dataset, ExportConfig config) {
    DatasetTable table = DatasetTable.open(engine.session(), dataset);
    return new ExportJob(engine.session(), table, config, Clock.systemUTC()).run();
  }

  /** Whether a dataset has rows, and no samples. */
  public static boolean isTable(DatasetLayout dataset) {
    return DeltaDatasetHistory.load(dataset).info().taskType().kind() == DatasetKind.TABLE;
  }

  public static TableExportReport exportTable(
      SparkEngine engine, DatasetLayout dataset, ExportConfig config) {
    DatasetTable table = DatasetTable.open(engine.session(), dataset);
    return new TableExportJob(engine.session(), table, config, Clock.systemUTC()).run();
  }

  public static VersionVerification verify(
      SparkEngine engine, DatasetLayout dataset, DatasetRef ref) {
    return new VerifyJob(DatasetTable.open(engine.session(), dataset)).run(ref);
  }

  public static GcReport collectGarbage(SparkEngine engine, DatasetLayout dataset, GcMode mode) {
    DatasetTable table = DatasetTable.open(engine.session(), dataset);
    return new GcJob(engine.session(), table, Clock.systemUTC()).run(mode);
  }

  public static DatasetExportReport exportAsDataset(
      SparkEngine engine,
      DatasetCatalog catalog,
      DatasetLayout from,
      ExportSource source,
      SampleFilter where,
      Set<ExportPart> parts,
      DatasetName to) {
    DatasetTable table = DatasetTable.open(engine.session(), from);
    return new DatasetExportJob(
            engine.session(), table, source, where, parts, catalog, Clock.systemUTC())
        .run(to);
  }
}
