package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.versioning.DiffCounts;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How two states of samples differ, row by row. Both are shuffled by id and joined in order, so
 * that neither has to fit in memory. What counts as a difference is what {@link SampleHashes} say,
 * by which versions without an engine are compared, too.
 */
final class SampleDiff {
  /**
   * A sample that differs.
   *
   * <ul>
   *   <li>{@code id}; {@code source}, as it is in the later state, or was
   *   <li>{@code changes}: {@code added} or {@code removed}, or some of {@code relabelled}, {@code
   *       moved} and {@code changed}
   *   <li>{@code part_before}, {@code part_after}: its usage, null for none
   *   <li>{@code labels_before}, {@code labels_after}: its distinct labels, null where it is not
   *   <li>{@code fields}: the columns that differ, of a sample that both have; {@code annotations}
   *       for which there are, {@code annotation_details} for what they say of who, when and how
   * </ul>
   */
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("changes", DataTypes.createArrayType(DataTypes.StringType))
          .add("part_before", DataTypes.StringType)
          .add("part_after", DataTypes.StringType)
          .add("labels_before", DataTypes.createArrayType(DataTypes.StringType))
          .add("labels_after", DataTypes.createArrayType(DataTypes.StringType))
          .add("fields", DataTypes.createArrayType(DataTypes.StringType));

  static final String ADDED = "added";
  static final String REMOVED = "removed";
  static final String RELABELLED = "relabelled";
  static final String MOVED = "moved";
  static final String CHANGED = "changed";

  private static final Column WAS = col("before").isNotNull();
  private static final Column IS = col("after").isNotNull();
  private static final Column BOTH = WAS.and(IS);

  private final Dataset<Row> joined;

  private SampleDiff(Dataset<Row> joined) {
    this.joined = joined;
  }

  /** The difference between rows of {@link SampleRows#SCHEMA}. */
  static SampleDiff of(Dataset<Row> before, Dataset<Row> after) {
    return new SampleDiff(
        side(before, "before")
            .join(DatasetTable.neverBroadcast(side(after, "after")), "id", "full_outer"));
  }

  private static Dataset<Row> side(Dataset<Row> samples, String name) {
    List<Column> columns = new ArrayList<>(List.of(DatasetTable.columns(SampleRows.SCHEMA)));
    columns.add(SampleHashes.LABELLING.as("labelling_hash"));
    columns.add(SampleHashes.REST.as("rest_hash"));
    columns.add(SampleHashes.ANNOTATION_DETAILS.as("details_hash"));
    return samples.select(col("id"), struct(columns.toArray(Column[]::new)).as(name));
  }

  /** How many samples differ in what; equal to what their versions' indexes tell. */
  DiffCounts counts() {
    Row counts =
        joined
            .agg(
                count_if(is(ADDED)),
                count_if(is(REMOVED)),
                count_if(is(RELABELLED)),
                count_if(is(MOVED)),
                count_if(is(CHANGED)),
                count_if(BOTH.and(not(is(RELABELLED))).and(not(is(MOVED))).and(not(is(CHANGED)))))
            .first();
    return new DiffCounts(
        counts.getLong(0),
        counts.getLong(1),
        counts.getLong(2),
        counts.getLong(3),
        counts.getLong(4),
        counts.getLong(5));
  }

  /**
   * The samples that differ, in no order, with the columns of {@link #SCHEMA}.
   *
   * @param where selects by what a sample is in the later state, or was in the earlier one where it
   *     was removed
   */
  Dataset<Row> rows(SampleFilter where) {
    Column changes = chosen(ADDED, REMOVED, RELABELLED, MOVED, CHANGED);
    Dataset<Row> differing =
        joined
            .withColumn("changes", changes)
            .where(size(col("changes")).gt(0))
            .select(
                struct(
                        col("id"),
                        coalesce(col("after.source"), col("before.source")).as("source"),
                        col("changes"),
                        col("before.usage").as("part_before"),
                        col("after.usage").as("part_after"),
                        labels("before").as("labels_before"),
                        labels("after").as("labels_after"),
                        fields().as("fields"))
                    .as("difference"),
                coalesce(col("after"), col("before")).as("sample"))
            .select(col("difference"), col("sample.*"));
    return differing.where(FilterColumns.condition(where)).select("difference.*");
  }

  private static Column is(String kind) {
    return switch (kind) {
      case ADDED -> not(WAS);
      case REMOVED -> not(IS);
      case RELABELLED -> BOTH.and(differs("labelling_hash"));
      case MOVED -> BOTH.and(differs("usage"));
      case CHANGED -> BOTH.and(differs("rest_hash"));
      default -> throw new IllegalStateException("No kind of difference: " + kind);
    };
  }

  private static Column differs(String field) {
    return not(col("before." + field).eqNullSafe(col("after." + field)));
  }

  private static Column chosen(String... kinds) {
    Column[] all = new Column[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      all[i] = when(is(kinds[i]), kinds[i]);
    }
    return filter(array(all), Column::isNotNull);
  }

  private static Column labels(String side) {
    Column ofAnnotations =
        filter(transform(col(side + ".annotations"), a -> a.getField("label")), Column::isNotNull);
    return when(col(side).isNotNull(), array_sort(array_distinct(ofAnnotations)));
  }

  private static Column fields() {
    List<Column> fields = new ArrayList<>();
    fields.add(when(differs("labelling_hash"), lit("annotations")));
    fields.add(when(differs("details_hash"), lit("annotation_details")));
    for (String name : SampleRows.SCHEMA.fieldNames()) {
      if (name.equals("usage") || SampleHashes.isInRest(name)) {
        fields.add(when(differs(name), lit(name)));
      }
    }
    return when(BOTH, filter(array(fields.toArray(Column[]::new)), Column::isNotNull))
        .otherwise(array().cast("array<string>"));
  }
}
