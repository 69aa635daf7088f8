package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Usage;
import io.millrace.dataset.columns.AnnotationColumns;
import io.millrace.dataset.versioning.DatasetInfo;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.PublishId;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.dataset.versioning.PublishRequest.HardPolicy;
import io.millrace.dataset.versioning.PublishRequest.UsagePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/** What of a dataset's samples goes into a version, as a request wants it. */
final class VersionSelection {
  private static final Column ANNOTATIONS = col("annotations");

  /** How many objects in an image a row has. */
  static final Column OBJECTS = size(filter(ANNOTATIONS, VersionSelection::isObject));

  static final Column HAS_OBJECTS = exists(ANNOTATIONS, VersionSelection::isObject);
  static final Column HAS_NO_SIZE = col("width").isNull().or(col("height").isNull());
  private static final Column IS_LABELLED = size(ANNOTATIONS).gt(0);

  private static final UserDefinedFunction FILE_STEM =
      udf((UDF1<String, String>) AnnotationFiles::stemOfSource, DataTypes.StringType);

  private final Dataset<Row> samples;

  private VersionSelection(Dataset<Row> samples) {
    this.samples = samples;
  }

  /**
   * The rows of the working state, with the annotations, hard marks and usages that the version
   * shall have.
   *
   * @throws DatasetException if the request's label task type does not fit the dataset
   */
  static VersionSelection of(Dataset<Row> samples, DatasetInfo info, PublishRequest request) {
    Dataset<Row> selected = samples;
    if (request.taskType().isPresent()) {
      Object[] types = annotationTypes(request.taskType().get(), info);
      selected =
          selected.withColumn(
              "annotations", filter(ANNOTATIONS, a -> a.getField("task_type").isin(types)));
    }
    if (request.hard() == HardPolicy.CLEAR) {
      Column none = lit(null).cast(DataTypes.DoubleType);
      selected =
          selected
              .withColumn("hard", lit(false))
              .withColumn("hard_coefficient", none)
              .withColumn(
                  "annotations",
                  transform(
                      ANNOTATIONS,
                      a -> a.withField("hard", lit(false)).withField("hard_coefficient", none)));
    }
    if (request.usage() == UsagePolicy.REMOVE) {
      selected = selected.withColumn("usage", lit(null).cast(DataTypes.StringType));
    }
    return new VersionSelection(selected);
  }

  /** The columns of {@link SampleRows#SCHEMA}. */
  Dataset<Row> samples() {
    return samples;
  }

  /** Id and distinct labels of the samples that a split divides. */
  Dataset<Row> toDraw() {
    return samples
        .where(IS_LABELLED.and(col("usage").isNull()))
        .select(col("id"), labels().as("labels"));
  }

  /** Whether labelled samples keep a usage, and take no part in a split for that reason. */
  boolean hasKeptUsages() {
    return !samples.where(IS_LABELLED.and(col("usage").isNotNull())).isEmpty();
  }

  /**
   * The rows of the version, with the columns of {@link VersionRows#SCHEMA}.
   *
   * @param evalPart the ids of the EVAL part of a split; empty where none was asked for
   */
  Dataset<Row> rows(PublishId publishId, Optional<Set<String>> evalPart) {
    Dataset<Row> divided = evalPart.map(this::divided).orElse(samples);
    Column stem = FILE_STEM.apply(col("source"));
    Column number = row_number().over(Window.partitionBy(HAS_OBJECTS, lower(stem)).orderBy("id"));
    Column file =
        when(number.equalTo(1), concat(stem, lit(".xml")))
            .otherwise(concat(number.cast(DataTypes.StringType), lit("/"), stem, lit(".xml")));
    return divided
        .withColumn("annotation_file", when(HAS_OBJECTS, file))
        .withColumn("publish_id", lit(publishId.value()))
        .select(DatasetTable.columns(VersionRows.SCHEMA));
  }

  /** Rows of a part's name and its number of samples. */
  static Dataset<Row> samplesByPart(Dataset<Row> rows) {
    return rows.groupBy(coalesce(col("usage"), lit(DatasetVersion.NO_PART))).count();
  }

  /** Rows of a label and the number of samples that have it. */
  static Dataset<Row> samplesByLabel(Dataset<Row> rows) {
    return rows.select(explode(labels()).as("label")).groupBy("label").count();
  }

  private Dataset<Row> divided(Set<String> evalPart) {
    Dataset<Row> eval =
        samples
            .sparkSession()
            .createDataset(new ArrayList<>(evalPart), Encoders.STRING())
            .toDF("eval_id");
    Column drawn =
        when(col("eval_id").isNotNull(), Usage.EVAL.name()).when(IS_LABELLED, Usage.TRAIN.name());
    return samples
        .join(broadcast(eval), col("id").equalTo(col("eval_id")), "left_outer")
        .withColumn("usage", coalesce(col("usage"), drawn));
  }

  private static Column labels() {
    return array_distinct(
        filter(transform(ANNOTATIONS, a -> a.getField("label")), Column::isNotNull));
  }

  private static Column isObject(Column annotation) {
    return annotation.getField("type").equalTo(AnnotationColumns.OBJECT);
  }

  /** Triples are made of entities. */
  private static Object[] annotationTypes(LabelTaskType wanted, DatasetInfo info) {
    if (wanted.kind() != info.taskType().kind()) {
      throw new DatasetException(
          "Invalid label_task_type: %s (expected one for %s, which the samples of %s are)"
              .formatted(wanted, info.taskType().kind(), info.name()));
    }
    List<LabelTaskType> types =
        wanted == LabelTaskType.TEXT_TRIPLE
            ? List.of(wanted, LabelTaskType.NAMED_ENTITY_RECOGNITION)
            : List.of(wanted);
    return types.stream().map(LabelTaskType::name).toArray();
  }
}
