package io.millrace.analysis.spark;

import io.millrace.analysis.MeasuredSample;
import io.millrace.analysis.image.ImageFiles;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.delta.spark.SampleRows;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;

/** Opens the image of a sample's row and measures it; runs in Spark's tasks. */
final class MeasureImage implements MapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final LabelTaskType taskType;
  private final long maxBytes;
  private transient ImageFiles files;

  MeasureImage(LabelTaskType taskType, long maxBytes) {
    this.taskType = taskType;
    this.maxBytes = maxBytes;
  }

  @Override
  public Row call(Row row) {
    if (files == null) {
      files = new ImageFiles(maxBytes);
    }
    Sample sample = SampleRows.toSample(row);
    return MeasuredRows.toRow(MeasuredSample.of(sample, files.read(sample.source()), taskType));
  }
}
