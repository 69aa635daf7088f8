package io.millrace.jobs.bench.spark;

import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.jobs.spark.SparkEngine;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What it costs to write the rows of a dataset's samples once more, and nothing else. */
public final class PlainWrites {
  private PlainWrites() {}

  /** Reads all samples and writes them as a new Delta table. */
  public static void delta(SparkEngine engine, DatasetLayout dataset, Path target) {
    samples(engine, dataset).write().format("delta").save(target.toUri().toString());
  }

  /** Reads all samples and writes them as lines of JSON, a file each task. */
  public static void json(SparkEngine engine, DatasetLayout dataset, Path target) {
    samples(engine, dataset).write().json(target.toUri().toString());
  }

  private static Dataset<Row> samples(SparkEngine engine, DatasetLayout dataset) {
    return DatasetTable.open(engine.session(), dataset).samples();
  }
}
