package io.millrace.jobs.bench.spark;

import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.jobs.spark.SparkEngine;
import java.nio.file.Path;

/** What it costs to write the rows of a dataset's samples once more, and nothing else. */
public final class PlainDeltaWrite {
  private PlainDeltaWrite() {}

  /** Reads all samples and writes them as a new Delta table. */
  public static void run(SparkEngine engine, DatasetLayout dataset, Path table) {
    DatasetTable.open(engine.session(), dataset)
        .samples()
        .write()
        .format("delta")
        .save(table.toUri().toString());
  }
}
