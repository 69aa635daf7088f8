package io.millrace.analysis.spark;

import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Adds to a row (id, source, features, cluster) how far it lies from the centre of its cluster. */
final class DistanceToCentre implements MapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("cluster", DataTypes.IntegerType)
          .add("distance", DataTypes.DoubleType);

  private final Vector[] centres;

  DistanceToCentre(Vector[] centres) {
    this.centres = centres.clone();
  }

  @Override
  public Row call(Row row) {
    int cluster = row.getInt(3);
    double squared = Vectors.sqdist(row.<Vector>getAs(2), centres[cluster]);
    return RowFactory.create(row.getString(0), row.getString(1), cluster, Math.sqrt(squared));
  }
}
