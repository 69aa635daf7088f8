package io.millrace.dataset.delta.spark;

import io.millrace.dataset.Sample;
import io.millrace.dataset.columns.SampleColumns;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Samples as rows of the tables {@code samples} and {@code version_samples}; see {@link
 * SampleColumns}. {@code toSample(toRow(s))} equals {@code s}, also after the row was stored.
 */
public final class SampleRows {
  public static final StructType SCHEMA = SparkColumns.schema(SampleColumns.COLUMNS);

  private SampleRows() {}

  public static List<Row> toRows(List<Sample> samples) {
    return samples.stream().map(SampleRows::toRow).toList();
  }

  public static Row toRow(Sample sample) {
    return SparkColumns.row(SampleColumns.of(sample), SampleColumns.COLUMNS);
  }

  /**
   * The sample that a row holds, whose first columns are those of {@link #SCHEMA} in their order.
   */
  public static Sample toSample(Row row) {
    return SampleColumns.toSample(SparkColumns.cells(row, SampleColumns.COLUMNS));
  }

  /** Spark gives timestamps in one of two types, as spark.sql.datetime.java8API.enabled says. */
  static Instant instant(Row row, int column) {
    return row.get(column) instanceof Timestamp timestamp
        ? timestamp.toInstant()
        : row.getInstant(column);
  }
}
