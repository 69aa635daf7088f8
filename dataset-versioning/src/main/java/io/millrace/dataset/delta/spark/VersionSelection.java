package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.columns.AnnotationColumns;
import io.millrace.dataset.versioning.DatasetInfo;
import io.millrace.dataset.versioning.PublishId;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.dataset.versioning.PublishRequest.HardPolicy;
import io.millrace.dataset.versioning.PublishRequest.UsagePolicy;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/** What of a dataset's samples goes into a version, as a request wants it. */
final class VersionSelection {
  private static final Column ANNOTATIONS = col("annotations");

  /** Of these Spark reads no more of the annotations than it needs. */
  private static final Column TYPES = ANNOTATIONS.getField("type");

  private static final Column HAS_OBJECTS = exists(TYPES, VersionSelection::isObject);
  private static final Column HAS_NO_SIZE = col("width").isNull().or(col("height").isNull());
  private static final Column IS_HARD =
      col("hard")
          .or(col("hard_coefficient").isNotNull())
          .or(exists(ANNOTATIONS.getField("hard"), hard -> hard))
          .or(exists(ANNOTATIONS.getField("hard_coefficient"), Column::isNotNull));
  private static final Column NO_TEXT = lit(null).cast(DataTypes.StringType);

  static final Column IS_LABELLED = size(TYPES).gt(0);

  /** The distinct labels of a row. */
  static final Column LABELS =
      array_distinct(filter(ANNOTATIONS.getField("label"), Column::isNotNull));

  private static final UserDefinedFunction FILE_STEM =
      udf((UDF1<String, String>) AnnotationFiles::stemOfSource, DataTypes.StringType);

  private final Dataset<Row> samples;
  private final Dataset<Row> asTheyAre;
  private final Contents contents;
  private final boolean keepsUsages;

  private VersionSelection(
      Dataset<Row> samples, Dataset<Row> asTheyAre, Contents contents, boolean keepsUsages) {
    this.samples = samples;
    this.asTheyAre = asTheyAre;
    this.contents = contents;
    this.keepsUsages = keepsUsages;
  }

  /**
   * What is in a selection.
   *
   * @param samples all of them
   * @param objectFiles samples with objects in an image, each of which gets a file
   * @param objects together
   * @param withoutSize samples with objects in an image of unknown size
   * @param hard samples with a mark of a hard example, also in an annotation
   */
  record Contents(long samples, long objectFiles, long objects, long withoutSize, long hard) {
    static Contents of(Dataset<Row> samples) {
      Row counts =
          samples
              .agg(
                  count(lit(1)),
                  count_if(HAS_OBJECTS),
                  coalesce(sum(size(filter(TYPES, VersionSelection::isObject))), lit(0L)),
                  count_if(HAS_OBJECTS.and(HAS_NO_SIZE)),
                  count_if(IS_HARD))
              .first();
      return new Contents(
          counts.getLong(0),
          counts.getLong(1),
          counts.getLong(2),
          counts.getLong(3),
          counts.getLong(4));
    }
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
    Dataset<Row> asTheyAre = selected;
    Contents contents = Contents.of(asTheyAre);
    if (request.hard() == HardPolicy.CLEAR && contents.hard() > 0) {
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
      selected = selected.withColumn("usage", NO_TEXT);
    }
    return new VersionSelection(selected, asTheyAre, contents, request.usage() == UsagePolicy.KEEP);
  }

  Contents contents() {
    return contents;
  }

  /** The source of an annotated image of unknown size, the first by id. */
  String sourceWithoutSize() {
    return asTheyAre.where(HAS_OBJECTS.and(HAS_NO_SIZE)).orderBy("id").first().getAs("source");
  }

  /** At least the columns of {@link SampleRows#SCHEMA}. */
  Dataset<Row> samples() {
    return samples;
  }

  /**
   * The samples with the usages that they keep, for who looks at them: of annotations that are to
   * change Spark would read all.
   */
  Dataset<Row> toDivide() {
    return asTheyAre.withColumn("usage", keepsUsages ? col("usage") : NO_TEXT);
  }

  /**
   * The rows of the version, with the columns of {@link VersionRows#SCHEMA}.
   *
   * @param divided those of {@link #samples}, with the usages that they shall have
   */
  Dataset<Row> rows(PublishId publishId, Dataset<Row> divided) {
    return withAnnotationFiles(divided)
        .withColumn("publish_id", lit(publishId.value()))
        .select(DatasetTable.columns(VersionRows.SCHEMA));
  }

  /**
   * The rows with the column {@code annotation_file}: the image's name, in a directory of its own
   * from the second image of that name on. Only names are brought together for it, and only those
   * that occur again with the rows.
   */
  private Dataset<Row> withAnnotationFiles(Dataset<Row> rows) {
    if (contents.objectFiles() == 0) {
      return rows.withColumn("annotation_file", lit(null).cast(DataTypes.StringType));
    }
    Column stem = FILE_STEM.apply(col("source"));
    Dataset<Row> names =
        asTheyAre.where(HAS_OBJECTS).select(col("id").as("named_id"), lower(stem).as("name"));
    Dataset<Row> numbers =
        names
            .withColumn("number", row_number().over(Window.partitionBy("name").orderBy("named_id")))
            .where(col("number").gt(1))
            .select("named_id", "number");
    Column first = concat(stem, lit(".xml"));
    if (numbers.isEmpty()) {
      return rows.withColumn("annotation_file", when(HAS_OBJECTS, first));
    }
    Column later = concat(col("number").cast(DataTypes.StringType), lit("/"), stem, lit(".xml"));
    return rows.join(
            DatasetTable.neverBroadcast(numbers), col("id").equalTo(col("named_id")), "left_outer")
        .withColumn(
            "annotation_file",
            when(HAS_OBJECTS, when(col("number").isNull(), first).otherwise(later)));
  }

  private static Column isObject(Column type) {
    return type.equalTo(AnnotationColumns.OBJECT);
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
