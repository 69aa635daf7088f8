package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.explode_outer;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;

import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportErrors;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportSource;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.versioning.DatasetVersion;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * The samples that an export is asked for.
 *
 * @param samples rows of {@link SampleRows#SCHEMA}
 * @param subject {@code pets@V001}, or {@code pets} for the working state
 * @param name the subject as part of a file's name
 */
record ExportSelection(
    Dataset<Row> samples, String subject, String name, LabelTaskType taskType, String text) {
  private static final String NAME_NUMBER = "name_number";
  private static final UserDefinedFunction NAME_KEY =
      udf(
          (UDF1<String, String>) source -> ExportName.key(StorageUri.parse(source)),
          DataTypes.StringType);

  /**
   * The selection of a dataset's working state of this moment, or of a version.
   *
   * @throws io.millrace.dataset.DatasetException if there is no such version, or no metric that the
   *     selection asks for can be had
   */
  static ExportSelection of(
      DatasetTable table, ExportSource source, SampleFilter where, Set<ExportPart> parts) {
    Optional<DatasetVersion> version =
        source instanceof ExportSource.Published published
            ? Optional.of(table.history().resolve(published.ref()))
            : Optional.empty();
    String dataset = table.info().name().value();
    String subject =
        version
            .map(published -> DatasetRef.of(table.info().name(), published.name()).toString())
            .orElse(dataset);
    if (version.isEmpty() && !where.metrics().isEmpty()) {
      throw ExportErrors.noMetrics(subject, where.metrics());
    }
    Dataset<Row> all = version.map(table::version).orElseGet(table::samplesAtThisMoment);
    Dataset<Row> selected =
        version.isPresent()
            ? withMetrics(all, table.metrics(version.get().name()), where)
            : all.where(FilterColumns.condition(where));
    Object[] names = parts.stream().map(ExportPart::name).toArray();
    return new ExportSelection(
        selected
            .where(coalesce(col("usage"), lit(ExportPart.NONE.name())).isin(names))
            .select(DatasetTable.columns(SampleRows.SCHEMA)),
        subject,
        subject.replace('@', '-'),
        version.map(DatasetVersion::taskType).orElse(table.info().taskType()),
        text(where, parts));
  }

  static ExportSelection of(DatasetTable table, ExportConfig config) {
    return of(table, config.source(), config.where(), config.parts());
  }

  /** What the writers must know of the whole before the first sample. */
  record Survey(List<Label> labels, List<ExportPart> parts) {}

  Survey survey() {
    Row row =
        samples
            .select(
                coalesce(col("usage"), lit(ExportPart.NONE.name())).as("part"),
                explode_outer(col("annotations.label")).as("label"))
            .agg(collect_set(col("part")), collect_set(col("label")))
            .first();
    Set<ExportPart> parts = EnumSet.noneOf(ExportPart.class);
    row.<String>getList(0).forEach(part -> parts.add(ExportPart.valueOf(part)));
    Set<Label> labels = new TreeSet<>();
    row.<String>getList(1).forEach(label -> labels.add(new Label(label)));
    return new Survey(List.copyOf(labels), List.copyOf(parts));
  }

  /**
   * The rows in the order of their ids, each with the number of its name among equal ones. Only
   * names are brought together for it, and only those that occur again with the rows.
   */
  Dataset<Row> named() {
    Dataset<Row> later =
        samples
            .select(col("id").as("named_id"), NAME_KEY.apply(col("source")).as("name"))
            .withColumn(
                NAME_NUMBER, row_number().over(Window.partitionBy("name").orderBy("named_id")))
            .where(col(NAME_NUMBER).gt(1))
            .drop("name");
    if (later.isEmpty()) {
      return samples.withColumn(NAME_NUMBER, lit(1)).orderBy("id");
    }
    Dataset<Row> joined =
        samples.join(
            DatasetTable.neverBroadcast(later), col("id").equalTo(col("named_id")), "left_outer");
    return joined
        .drop("named_id")
        .withColumn(NAME_NUMBER, coalesce(col(NAME_NUMBER), lit(1)))
        .orderBy("id");
  }

  private static Dataset<Row> withMetrics(
      Dataset<Row> samples, Dataset<Row> metrics, SampleFilter where) {
    Dataset<Row> joined = samples;
    for (String metric : where.metrics()) {
      Dataset<Row> values =
          metrics
              .where(col("metric").equalTo(metric))
              .groupBy(col("sample_id").as(column(metric) + " of"))
              .agg(collect_list(col("value")).as(column(metric)));
      joined =
          joined.join(
              DatasetTable.neverBroadcast(values),
              col("id").equalTo(col("`" + column(metric) + " of`")),
              "left_outer");
    }
    return joined.where(FilterColumns.condition(where, name -> col("`" + column(name) + "`")));
  }

  private static String column(String metric) {
    return "metric " + metric;
  }

  private static String text(SampleFilter where, Set<ExportPart> parts) {
    return parts.size() == ExportPart.values().length
        ? where.toString()
        : "%s, parts %s".formatted(where, EnumSet.copyOf(parts));
  }
}
