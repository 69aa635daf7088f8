package io.millrace.jobs.bench;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.ImportReport;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Imports a source into a dataset made for it.
 *
 * @param datasets where datasets are made
 */
record FreshImport(SparkEngine engine, Path datasets) {
  /**
   * Imports once.
   *
   * @param samples how many there are; every one has to be imported
   * @return the seconds that the import took, the making of the dataset not counted
   */
  double run(String name, LabelTaskType taskType, Path source, ImportFormat format, long samples) {
    DatasetLayout dataset =
        DatasetCatalog.at(StorageUri.of(datasets))
            .create(new DatasetName(name), taskType, "", Clock.systemUTC());
    ImportConfig config = ImportConfig.of(dataset, StorageUri.of(source), format);
    long start = System.nanoTime();
    ImportReport report = DatasetJobs.importInto(engine, config);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (report.imported() != samples) {
      throw new IllegalStateException("Of %s samples: %s".formatted(samples, report.toText()));
    }
    return seconds;
  }
}
