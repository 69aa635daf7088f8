package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * 64-bit hashes of what samples hold, by which versions are compared. Annotations count as a set:
 * their order is no difference.
 */
final class SampleHashes {
  /** What annotations say about how they came about, and not about the sample. */
  private static final List<String> ANNOTATION_INFO =
      List.of(
          "id",
          "properties",
          "hard",
          "hard_coefficient",
          "annotated_by",
          "creation_time",
          "confidence",
          "foreign_fields");

  /** What has a hash of its own, and what says how a sample came here, and not what it is. */
  private static final Set<String> NOT_IN_REST =
      Set.of(
          "id",
          "usage",
          "annotations",
          "created_at",
          "origin",
          "source_modified_at",
          "source_etag",
          "copied_from",
          "missing_since");

  private static final Set<String> IN_REST =
      fields(SampleRows.SCHEMA)
          .map(StructField::name)
          .filter(name -> !NOT_IN_REST.contains(name))
          .collect(Collectors.toUnmodifiableSet());

  static final Column ID = xxhash64(col("id"));

  /** Labels, shapes and stretches. */
  static final Column LABELLING =
      ofAnnotations(
          fields(AnnotationRows.SCHEMA).filter(field -> !ANNOTATION_INFO.contains(field.name())));

  /** What annotations say about how they came about. */
  static final Column ANNOTATION_DETAILS =
      ofAnnotations(
          fields(AnnotationRows.SCHEMA).filter(field -> ANNOTATION_INFO.contains(field.name())));

  /** All that a user would call a change, but annotations and usage. */
  static final Column REST =
      ofColumns(
          fields(SampleRows.SCHEMA).filter(field -> isInRest(field.name())), ANNOTATION_DETAILS);

  /** What the others leave out: usage, origin and files, and the order of annotations. */
  static final Column ROW =
      ofColumns(
          fields(VersionRows.SCHEMA)
              .filter(field -> !field.name().equals("annotations"))
              .filter(field -> !isInRest(field.name())),
          when(
                  size(col("annotations")).gt(1),
                  xxhash64(
                      transform(
                          col("annotations"),
                          a -> hash(a::getField, fields(AnnotationRows.SCHEMA)))))
              .otherwise(lit(0L)));

  private SampleHashes() {}

  /** Whether a column is one of {@link #REST}. */
  static boolean isInRest(String column) {
    return IN_REST.contains(column);
  }

  private static Stream<StructField> fields(StructType schema) {
    return Arrays.stream(schema.fields());
  }

  private static Column ofColumns(Stream<StructField> fields, Column ofAnnotations) {
    return xxhash64(hash(name -> col(name), fields), ofAnnotations);
  }

  /**
   * Of a single annotation, which most samples have, the hash is the same without an array; Spark
   * compiles that, while it interprets what it does with each element of an array.
   */
  private static Column ofAnnotations(Stream<StructField> fields) {
    List<StructField> list = fields.toList();
    Column annotations = col("annotations");
    Column only = get(annotations, lit(0));
    return when(size(annotations).equalTo(1), xxhash64(hash(only::getField, list.stream())))
        .otherwise(
            xxhash64(array_sort(transform(annotations, a -> hash(a::getField, list.stream())))));
  }

  /**
   * Spark's hash passes over nulls and over the borders of arrays; so that a value that moved to
   * the column beside it is a change, nulls and lengths are hashed as well.
   */
  private static Column hash(Function<String, Column> column, Stream<StructField> fields) {
    return xxhash64(
        fields
            .flatMap(
                field -> {
                  Column value = column.apply(field.name());
                  return field.dataType() instanceof ArrayType
                      ? Stream.of(value, size(value))
                      : Stream.of(value, value.isNull());
                })
            .toArray(Column[]::new));
  }
}
