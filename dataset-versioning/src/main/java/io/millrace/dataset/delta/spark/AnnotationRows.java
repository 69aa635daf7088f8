package io.millrace.dataset.delta.spark;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.columns.AnnotationColumns;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Annotations as structs of the column {@code annotations}; see {@link AnnotationColumns}. */
final class AnnotationRows {
  static final StructType SCHEMA = SparkColumns.schema(AnnotationColumns.COLUMNS);

  private AnnotationRows() {}

  static Row toRow(Annotation annotation) {
    return RowFactory.create(AnnotationColumns.of(annotation));
  }

  static Annotation toAnnotation(Row row) {
    return AnnotationColumns.toAnnotation(SparkColumns.cells(row, AnnotationColumns.COLUMNS));
  }
}
