package io.millrace.dataset.delta.spark;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.HadoopPaths;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.versioning.DiffCounts;
import io.millrace.dataset.versioning.DiffFormat;
import io.millrace.dataset.versioning.SampleDifference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Compares two states of samples, published or not, sample by sample. */
public final class DiffJob {
  private static final List<String> LISTS =
      List.of("changes", "labels_before", "labels_after", "fields");

  private final SampleDiff diff;
  private final SampleFilter where;

  /**
   * @param where which of the samples that differ are listed: by what they are in the later state,
   *     or were in the earlier one where they were removed; metrics are not known here
   * @throws DatasetException if there is no such state, or it is of a table
   */
  public DiffJob(
      SparkSession spark, DatasetCatalog catalog, StateRef from, StateRef to, SampleFilter where) {
    this.where = requireNonNull(where, "where is null");
    checkArgument(
        where.metrics().isEmpty(),
        "Cannot select differences by %s: metrics are of one version, a difference is of two. Leave it out.",
        where.metrics());
    SampleState before = SampleState.open(spark, catalog, from, "compare");
    SampleState after = SampleState.open(spark, catalog, to, "compare");
    this.diff = SampleDiff.of(before.rows(), after.rows());
  }

  /** How many samples differ, whatever is selected. */
  public DiffCounts counts() {
    return diff.counts();
  }

  /**
   * The first of the selected samples that differ, by id.
   *
   * @param limit how many at most, at least 1
   */
  public List<SampleDifference> first(int limit) {
    checkArgument(limit >= 1, "Invalid limit: %s (expected at least 1)", limit);
    return diff.rows(where).orderBy("id").takeAsList(limit).stream()
        .map(DiffJob::difference)
        .toList();
  }

  /**
   * Writes all selected samples that differ, in the columns that {@link SampleDiff#SCHEMA} has.
   *
   * @param target a directory that does not exist yet
   * @throws DatasetException if it exists
   */
  public void write(StorageUri target, DiffFormat format) {
    checkIsFree(target);
    Dataset<Row> rows = diff.rows(where);
    String path = HadoopPaths.of(target).toString();
    switch (format) {
      case PARQUET -> rows.write().parquet(path);
      case JSONL -> rows.write().option("ignoreNullFields", false).json(path);
      case CSV ->
          flat(rows)
              .write()
              .option("header", true)
              .option("escape", "\"")
              .option("ignoreLeadingWhiteSpace", false) // the tab before a formula
              .option("ignoreTrailingWhiteSpace", false)
              .csv(path);
    }
  }

  private static void checkIsFree(StorageUri target) {
    try {
      if (ObjectStores.of(target).isDirectory(target)
          || ObjectStores.of(target).find(target).isPresent()) {
        throw new DatasetException(
            "Cannot write differences to %s: it exists already. Give another --output, or remove it first."
                .formatted(target));
      }
    } catch (IOException e) {
      throw new DatasetException(
          "Cannot write differences to %s: %s. Check the address and permissions."
              .formatted(target, e.getMessage()),
          e);
    }
  }

  /** Lists as texts, and no cell that a spreadsheet takes for a formula. */
  private static Dataset<Row> flat(Dataset<Row> rows) {
    Dataset<Row> flat = rows;
    for (String list : LISTS) {
      flat = flat.withColumn(list, array_join(col(list), "; "));
    }
    Dataset<Row> texts = flat;
    return texts.select(
        List.of(texts.columns()).stream().map(DiffJob::guarded).toArray(Column[]::new));
  }

  private static Column guarded(String column) {
    Column text = col(column);
    return when(text.rlike("^[=+\\-@\\t\\r]"), concat(lit("\t"), text)).otherwise(text).as(column);
  }

  private static SampleDifference difference(Row row) {
    return new SampleDifference(
        row.getString(0),
        row.getString(1),
        row.getList(2),
        Optional.ofNullable(row.getString(3)),
        Optional.ofNullable(row.getString(4)),
        row.isNullAt(5) ? Optional.empty() : Optional.of(row.getList(5)),
        row.isNullAt(6) ? Optional.empty() : Optional.of(row.getList(6)),
        row.getList(7));
  }
}
