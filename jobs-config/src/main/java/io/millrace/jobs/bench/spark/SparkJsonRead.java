package io.millrace.jobs.bench.spark;

import io.millrace.jobs.spark.SparkEngine;
import java.nio.file.Path;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Spark's own way to read a manifest: its JSON source with an explicit schema, every column. */
public final class SparkJsonRead {
  private static final StructType ANNOTATION =
      new StructType()
          .add("type", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("id", DataTypes.StringType)
          .add("property", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
          .add("hard", DataTypes.StringType)
          .add("hard-coefficient", DataTypes.DoubleType)
          .add("annotated-by", DataTypes.StringType)
          .add("creation-time", DataTypes.StringType)
          .add("confidence", DataTypes.DoubleType)
          .add("annotation-loc", DataTypes.StringType)
          .add("annotation-format", DataTypes.StringType);
  private static final StructType LINE =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("id", DataTypes.StringType)
          .add("usage", DataTypes.StringType)
          .add("hard", DataTypes.StringType)
          .add("hard-coefficient", DataTypes.DoubleType)
          .add("annotation", DataTypes.createArrayType(ANNOTATION))
          .add("inference-loc", DataTypes.StringType)
          .add("sample-type", DataTypes.IntegerType)
          .add("property", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType));

  private SparkJsonRead() {}

  /** Reads all columns of all lines, and drops them. */
  public static void run(SparkEngine engine, Path manifest) {
    engine
        .session()
        .read()
        .schema(LINE)
        .json(manifest.toUri().toString())
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
  }
}
