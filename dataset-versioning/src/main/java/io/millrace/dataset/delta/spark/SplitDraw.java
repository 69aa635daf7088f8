package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.filter.SampleField;
import io.millrace.dataset.manifest.PropertiesJson;
import io.millrace.dataset.split.PartTable;
import io.millrace.dataset.split.SampleDivision;
import io.millrace.dataset.split.SplitSample;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.GroupKey;
import io.millrace.dataset.versioning.SplitParts;
import io.millrace.dataset.versioning.SplitPlan;
import io.millrace.dataset.versioning.SplitPlan.Division;
import io.millrace.dataset.versioning.SplitPlan.EarlierParts;
import io.millrace.dataset.versioning.SplitPlan.Rule;
import io.millrace.dataset.versioning.VersionState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the samples of a version their parts, as a plan says.
 *
 * <p>Spark sorts what has to be known of the samples by id, so that neither the order of rows nor
 * the number of partitions matters; the driver reads it partition by partition and draws. The parts
 * go back as one packed table that every executor looks ids up in: the samples themselves are not
 * shuffled.
 */
final class SplitDraw {
  private static final Logger log = LoggerFactory.getLogger(SplitDraw.class);

  /** The usage that a rule gave, in a column of its own until the draw. */
  private static final String RULE = "split_rule";

  private static final String GROUP = "split_group";

  /** Sorts groups in the order of their first samples. */
  private static final String FIRST = "split_first";

  private static final String ORDINAL = "ordinal";
  private static final String SIDE = "side";
  private static final String EARLIER = "earlier";
  private static final String EARLIER_OF_GROUP = "earlier_of_group";

  /** A property of this name that somebody else wrote is no fold if it is no small number. */
  private static final String FOLD_NUMBER = "[0-9]{1,4}";

  private static final UserDefinedFunction DIRECTORY =
      udf(
          (UDF1<String, String>)
              source -> SampleField.directoryOf(StorageUri.parse(source)).orElse(null),
          DataTypes.StringType);
  private static final UserDefinedFunction CANONICAL =
      udf(
          (UDF1<String, String>) source -> StorageUri.parse(source).canonical().value(),
          DataTypes.StringType);

  private final DatasetTable table;
  private final Division plan;
  private final List<DatasetVersion> versions;

  private SplitDraw(DatasetTable table, Division plan, List<DatasetVersion> versions) {
    this.table = table;
    this.plan = plan;
    this.versions =
        versions.stream().filter(version -> version.state() == VersionState.NORMAL).toList();
  }

  /**
   * Notes which rule selects which sample, before usages and hard marks are cleared.
   *
   * @param samples the working state
   * @return the same rows, with what the draw has to know of the rules
   */
  static Dataset<Row> withRules(Dataset<Row> samples, SplitPlan plan) {
    if (!(plan instanceof Division division)) {
      return samples;
    }
    Column given = lit(null).cast(DataTypes.StringType);
    // From the last to the first, which wins.
    for (int i = division.rules().size() - 1; i >= 0; i--) {
      Rule rule = division.rules().get(i);
      given =
          when(FilterColumns.condition(rule.filter()), lit(rule.part().name())).otherwise(given);
    }
    return samples.withColumn(RULE, given);
  }

  /**
   * Gives samples their parts.
   *
   * @param selection of rows that {@link #withRules} returned
   * @param versions those that were published before, oldest first
   * @return the rows with their usages, and their folds where the plan has folds
   * @throws io.millrace.dataset.DatasetException if they cannot be divided as planned
   */
  static Dataset<Row> divided(
      DatasetTable table,
      VersionSelection selection,
      SplitPlan plan,
      List<DatasetVersion> versions) {
    requireNonNull(selection, "selection is null");
    return plan instanceof Division division
        ? new SplitDraw(table, division, versions).divided(selection)
        : selection.samples();
  }

  private Dataset<Row> divided(VersionSelection selection) {
    long start = System.nanoTime();
    SampleDivision division = SampleDivision.of(plan);
    Iterator<Row> rows = toDivide(selection.toDivide()).toLocalIterator();
    while (rows.hasNext()) {
      division.add(sample(rows.next()));
    }
    PartTable parts = division.finish();
    log.info(
        "Divided samples of {}: {} belong to a part, in {} ms",
        table.info().name(),
        parts.size(),
        (System.nanoTime() - start) / 1_000_000);
    Broadcast<PartTable> shared =
        JavaSparkContext.fromSparkContext(table.spark().sparkContext()).broadcast(parts);
    Dataset<Row> divided = selection.samples().withColumn("usage", usage(shared, col("id")));
    return plan.parts() instanceof SplitParts.Folds
        ? divided.withColumn(
            "properties",
            PropertyColumns.withNumber(
                col("properties"), SplitParts.Folds.PROPERTY, fold(shared, col("id"))))
        : divided;
  }

  private static Column usage(Broadcast<PartTable> parts, Column id) {
    return udf(
            (UDF1<String, String>) each -> parts.value().usage(each).map(Usage::name).orElse(null),
            DataTypes.StringType)
        .apply(id);
  }

  private static Column fold(Broadcast<PartTable> parts, Column id) {
    return udf(
            (UDF1<String, Long>)
                each -> {
                  OptionalInt fold = parts.value().fold(each);
                  return fold.isPresent() ? (Long) (long) fold.getAsInt() : null;
                },
            DataTypes.LongType)
        .apply(id);
  }

  /** Rows that {@link #sample} reads, groups together, in the order of ids. */
  private Dataset<Row> toDivide(Dataset<Row> samples) {
    Column address =
        plan.lists().isEmpty()
            ? lit(null).cast(DataTypes.StringType)
            : CANONICAL.apply(col("source"));
    Dataset<Row> known =
        samples.select(
            col("id"),
            coalesce(groupKey(), col("id")).as(GROUP),
            address.as("address"),
            VersionSelection.IS_LABELLED.as("labelled"),
            VersionSelection.LABELS.as("labels"),
            coalesce(col(RULE), col("usage")).as("given"));
    if (plan.earlier() == EarlierParts.KEEP) {
      known = withEarlier(known);
    } else {
      Column none = lit(null).cast(DataTypes.StringType);
      known = known.withColumn(EARLIER, none).withColumn(EARLIER_OF_GROUP, none);
    }
    if (plan.groupKey() == GroupKey.Standard.NONE) {
      return known.orderBy("id");
    }
    return known.withColumn(FIRST, min("id").over(Window.partitionBy(GROUP))).orderBy(FIRST, "id");
  }

  /**
   * Adds where each sample was in the latest version that gave it a part, and where its group was
   * in the latest version that gave one of its samples a part.
   */
  private Dataset<Row> withEarlier(Dataset<Row> known) {
    Dataset<Row> earlier = earlierSides();
    Dataset<Row> ofSample =
        earlier
            .groupBy(col("id").as("earlier_id"))
            .agg(max(struct(ORDINAL, "version", SIDE)).as(EARLIER));
    Dataset<Row> joined =
        known.join(
            DatasetTable.neverBroadcast(ofSample),
            col("id").equalTo(col("earlier_id")),
            "left_outer");
    if (plan.groupKey() == GroupKey.Standard.NONE) {
      return joined.withColumn(EARLIER_OF_GROUP, lit(null).cast(DataTypes.StringType));
    }
    Dataset<Row> ofGroup =
        earlier
            .groupBy(col(GROUP).as("earlier_group"), col(ORDINAL), col("version"))
            .agg(sort_array(collect_set(SIDE)).as("sides"))
            .groupBy("earlier_group")
            .agg(max(struct(ORDINAL, "version", "sides")).as(EARLIER_OF_GROUP));
    return joined.join(
        DatasetTable.neverBroadcast(ofGroup),
        col(GROUP).equalTo(col("earlier_group")),
        "left_outer");
  }

  /** The samples of all earlier versions that belonged to a part there, a row each time. */
  private Dataset<Row> earlierSides() {
    List<Row> numbered = new ArrayList<>();
    for (DatasetVersion version : versions) {
      numbered.add(RowFactory.create(version.publishId(), numbered.size(), version.name().value()));
    }
    Dataset<Row> ordinals =
        table
            .spark()
            .createDataFrame(
                numbered,
                new StructType()
                    .add("of_publish_id", DataTypes.StringType)
                    .add(ORDINAL, DataTypes.IntegerType)
                    .add("version", DataTypes.StringType));
    Column fold = get_json_object(col("properties"), "$." + SplitParts.Folds.PROPERTY);
    Column side =
        plan.parts() instanceof SplitParts.Folds
            ? when(fold.rlike("^" + FOLD_NUMBER + "$"), fold).otherwise(col("usage"))
            : col("usage");
    return table
        .versionSamples()
        .join(broadcast(ordinals), col(DatasetTable.PUBLISH_ID).equalTo(col("of_publish_id")))
        .select(
            col("id"),
            coalesce(groupKey(), col("id")).as(GROUP),
            side.as(SIDE),
            col(ORDINAL),
            col("version"))
        .where(col(SIDE).isNotNull());
  }

  /** Null where a sample has no value for the key. */
  private Column groupKey() {
    if (plan.groupKey() instanceof GroupKey.Attribute attribute) {
      String name = attribute.name();
      return udf((UDF1<String, String>) json -> attributeText(json, name), DataTypes.StringType)
          .apply(col("properties"));
    }
    return switch ((GroupKey.Standard) plan.groupKey()) {
      case NONE -> lit(null).cast(DataTypes.StringType);
      case DIRECTORY -> DIRECTORY.apply(col("source"));
      case DIGEST -> col("digest");
    };
  }

  private static String attributeText(String json, String name) {
    return Optional.ofNullable(json)
        .map(PropertiesJson::readWritten)
        .flatMap(properties -> properties.value(name))
        .map(Object::toString)
        .orElse(null);
  }

  private SplitSample sample(Row row) {
    String id = row.getAs("id");
    Optional<Row> earlier = value(row, EARLIER);
    Optional<Row> ofGroup = value(row, EARLIER_OF_GROUP);
    return new SplitSample(
        id,
        row.getAs(GROUP),
        Optional.ofNullable(row.<String>getAs("address")),
        row.<Boolean>getAs("labelled"),
        row.getList(row.fieldIndex("labels")),
        Optional.ofNullable(row.<String>getAs("given")).map(Usage::valueOf),
        earlier.map(was -> new SplitSample.Earlier(was.getAs(SIDE), was.getAs("version"))),
        ofGroup
            .map(
                was ->
                    was.<String>getList(was.fieldIndex("sides")).stream()
                        .map(side -> new SplitSample.Earlier(side, was.getAs("version")))
                        .toList())
            .orElse(List.of()));
  }

  private static Optional<Row> value(Row row, String name) {
    return Optional.ofNullable(row.<Row>getAs(name));
  }
}
