package io.millrace.analysis.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import io.millrace.analysis.MeasuredSample;
import io.millrace.analysis.Measurement;
import io.millrace.analysis.Metric;
import io.millrace.analysis.image.Unreadable;
import io.millrace.dataset.Label;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.versioning.DatasetVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Measured samples as rows, one a sample, and as the rows of the table {@code metrics}. */
final class MeasuredRows {
  private static final StructType MEASUREMENT =
      new StructType()
          .add("metric", DataTypes.StringType)
          .add("box", DataTypes.IntegerType)
          .add("value", DataTypes.DoubleType);

  /** Boxes are four numbers each: left, top, right, bottom. */
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("usage", DataTypes.StringType)
          .add("labels", DataTypes.createArrayType(DataTypes.StringType))
          .add("boxes", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("unreadable", DataTypes.StringType)
          .add("measurements", DataTypes.createArrayType(MEASUREMENT))
          .add("boxes_without_pixels", DataTypes.IntegerType);

  private MeasuredRows() {}

  static Row toRow(MeasuredSample sample) {
    return RowFactory.create(
        sample.id().value(),
        sample.source().value(),
        sample.usage().map(Usage::name).orElse(null),
        sample.labels().stream().map(Label::value).toArray(String[]::new),
        sample.boxes().stream().flatMap(MeasuredRows::corners).toArray(Double[]::new),
        sample.unreadable().map(Unreadable::name).orElse(null),
        sample.measurements().stream().map(MeasuredRows::toRow).toArray(Row[]::new),
        sample.boxesWithoutPixels());
  }

  static MeasuredSample toSample(Row row) {
    return new MeasuredSample(
        new SampleId(row.getString(0)),
        StorageUri.parse(row.getString(1)),
        Optional.ofNullable(row.getString(2)).map(Usage::valueOf),
        row.<String>getList(3).stream().map(Label::new).toList(),
        boxes(row.getList(4)),
        Optional.ofNullable(row.getString(5)).map(Unreadable::valueOf),
        row.<Row>getList(6).stream().map(MeasuredRows::toMeasurement).toList(),
        row.getInt(7));
  }

  /** One row for each measurement, with the columns of the table {@code metrics}. */
  static Dataset<Row> metrics(Dataset<Row> measured, DatasetVersion version) {
    return measured
        .select(
            lit(version.name().value()).as("version"),
            col("id").as("sample_id"),
            coalesce(col("usage"), lit(DatasetVersion.NO_PART)).as("part"),
            explode(col("measurements")).as("measurement"))
        .select("version", "sample_id", "part", "measurement.*");
  }

  private static Row toRow(Measurement measurement) {
    OptionalInt box = measurement.box();
    return RowFactory.create(
        measurement.metric().id(),
        box.isPresent() ? (Integer) box.getAsInt() : null,
        measurement.value());
  }

  private static Measurement toMeasurement(Row row) {
    return new Measurement(
        Metric.ofId(row.getString(0)),
        row.isNullAt(1) ? OptionalInt.empty() : OptionalInt.of(row.getInt(1)),
        row.getDouble(2));
  }

  private static Stream<Double> corners(BoundingBox box) {
    return Stream.of(box.xMin(), box.yMin(), box.xMax(), box.yMax());
  }

  private static List<BoundingBox> boxes(List<Double> corners) {
    List<BoundingBox> boxes = new ArrayList<>();
    for (int i = 0; i < corners.size(); i += 4) {
      boxes.add(
          new BoundingBox(
              corners.get(i), corners.get(i + 1), corners.get(i + 2), corners.get(i + 3)));
    }
    return boxes;
  }
}
