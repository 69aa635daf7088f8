package io.millrace.jobs.bench.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.dataset.delta.spark.DiffJob;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.DiffFormat;
import io.millrace.jobs.spark.SparkEngine;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Two ways to find the rows in which two versions differ, written as Parquet. */
public record RowDiffs(
    SparkEngine engine,
    DatasetCatalog catalog,
    DatasetName dataset,
    DatasetVersion before,
    DatasetVersion after) {

  /** As the command {@code version diff --rows --output} does it. */
  public void byHashes(Path target) {
    new DiffJob(engine.session(), catalog, state(before), state(after), SampleFilter.ALL)
        .write(StorageUri.of(target), DiffFormat.PARQUET);
  }

  /** As one writes it by hand: whole rows are joined on their id and compared as JSON. */
  public void byJoin(Path target) {
    Dataset<Row> left = rows(before, "before");
    Dataset<Row> right = rows(after, "after");
    left.join(right, left.col("id").equalTo(right.col("id")), "full_outer")
        .where(not(col("before").eqNullSafe(col("after"))))
        .select(
            left.col("id").as("id_before"),
            right.col("id").as("id_after"),
            col("before"),
            col("after"))
        .write()
        .parquet(target.toUri().toString());
  }

  private Dataset<Row> rows(DatasetVersion version, String name) {
    DatasetLayout layout = catalog.find(dataset);
    return DatasetTable.open(engine.session(), layout)
        .version(version)
        .select(col("id"), to_json(struct("*")).as(name));
  }

  private StateRef state(DatasetVersion version) {
    return StateRef.parse(dataset + "@" + version.name());
  }
}
