package io.millrace.analysis.spark;

import io.millrace.analysis.grouping.ImageDescriptor;
import io.millrace.analysis.image.DecodedImage;
import io.millrace.analysis.image.ImageFiles;
import io.millrace.analysis.image.Unreadable;
import io.millrace.dataset.StorageUri;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Opens the image of a row (id, source) and describes it; runs in Spark's tasks. */
final class DescribeImage implements MapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** {@code features} is null exactly where {@code unreadable} says why. */
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("features", SQLDataTypes.VectorType())
          .add("unreadable", DataTypes.StringType);

  private final long maxBytes;
  private transient ImageFiles files;

  DescribeImage(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public Row call(Row row) {
    if (files == null) {
      files = new ImageFiles(maxBytes);
    }
    String source = row.getString(1);
    DecodedImage decoded = files.read(StorageUri.parse(source));
    Vector features = null;
    Unreadable reason = null;
    if (decoded instanceof DecodedImage.Pixels pixels) {
      features = Vectors.dense(ImageDescriptor.of(pixels.image()));
    } else if (decoded instanceof DecodedImage.Failed failed) {
      reason = failed.reason();
    }
    return RowFactory.create(
        row.getString(0), source, features, reason == null ? null : reason.id());
  }
}
