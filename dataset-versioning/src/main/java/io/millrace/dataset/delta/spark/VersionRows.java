package io.millrace.dataset.delta.spark;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The rows of the table {@code version_samples}: samples, and to which version they belong. */
final class VersionRows {
  /**
   * The columns of {@link SampleRows#SCHEMA}; {@code annotation_file}, the path below {@code
   * annotations/} of the sample's Pascal VOC file, null where it has none; {@code publish_id}.
   */
  static final StructType SCHEMA =
      SampleRows.SCHEMA
          .add("annotation_file", DataTypes.StringType)
          .add("publish_id", DataTypes.StringType);

  private VersionRows() {}
}
