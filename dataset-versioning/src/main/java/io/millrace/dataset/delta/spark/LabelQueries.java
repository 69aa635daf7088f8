package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.labels.LabelUse;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Questions about the labels of a dataset's working state. Answers have a row a label, of which a
 * dataset has at most {@code limits.labels}.
 */
public final class LabelQueries {
  private LabelQueries() {}

  /** Every label and how it is used, in alphabetical order; empty where nothing is labelled. */
  public static List<LabelUse> uses(DatasetTable table) {
    return table
        .samples()
        .select(col("id"), explode(col("annotations")).as("a"))
        .where(col("a.label").isNotNull())
        .groupBy(col("a.label").as("label"))
        .agg(
            count_distinct(col("id")).as("samples"),
            count(lit(1)).as("annotations"),
            count_if(isByMachine(col("a.annotated_by"))).as("machine"),
            array_sort(collect_set(col("a.type"))).as("kinds"),
            array_sort(collect_set(col("a.shape_type"))).as("shapes"),
            when(
                    min(col("a.mask_color")).equalTo(max(col("a.mask_color"))),
                    min(col("a.mask_color")))
                .as("mask_color"))
        .orderBy("label")
        .collectAsList()
        .stream()
        .map(LabelQueries::use)
        .toList();
  }

  /** The labels of some samples. */
  static NavigableSet<String> names(Dataset<Row> samples) {
    return new TreeSet<>(
        samples
            .select(explode(col("annotations.label")).as("label"))
            .where(col("label").isNotNull())
            .distinct()
            .as(Encoders.STRING())
            .collectAsList());
  }

  /** As {@link AnnotationInfo#isByMachine()} says it. */
  private static Column isByMachine(Column annotatedBy) {
    return coalesce(
        annotatedBy
            .notEqual(AnnotationInfo.HUMAN)
            .and(not(annotatedBy.startsWith(AnnotationInfo.HUMAN + "/"))),
        lit(false));
  }

  private static LabelUse use(Row row) {
    return new LabelUse(
        new Label(row.getAs("label")),
        row.<Long>getAs("samples"),
        row.<Long>getAs("annotations"),
        row.<Long>getAs("machine"),
        row.getList(row.fieldIndex("kinds")),
        row.getList(row.fieldIndex("shapes")),
        Optional.ofNullable(row.getAs("mask_color")));
  }
}
