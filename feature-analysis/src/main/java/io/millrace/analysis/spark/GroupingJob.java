package io.millrace.analysis.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;

import io.millrace.analysis.grouping.GroupMembers;
import io.millrace.analysis.grouping.GroupedImages;
import io.millrace.analysis.grouping.GroupedSample;
import io.millrace.analysis.grouping.GroupingConfig;
import io.millrace.analysis.grouping.GroupingReport;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.dataset.versioning.DatasetInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the images of a dataset's working state into groups that look alike, by k-means over their
 * descriptors, and writes each image's group to a property of its sample in one commit.
 *
 * <p>The same images and seed give the same groups, however the table's files are cut.
 */
public final class GroupingJob {
  private static final Logger LOG = LoggerFactory.getLogger(GroupingJob.class);

  /** A fixed number, since where k-means begins depends on the partitions. */
  private static final int PARTITIONS = 8;

  private static final int MAX_ITERATIONS = 50;

  private final SparkSession spark;
  private final DatasetTable table;
  private final GroupingConfig config;
  private final Clock clock;

  public GroupingJob(SparkSession spark, DatasetTable table, GroupingConfig config, Clock clock) {
    this.spark = requireNonNull(spark, "spark is null");
    this.table = requireNonNull(table, "table is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * Runs the grouping.
   *
   * @throws DatasetException for a dataset of another kind than images, or with fewer readable
   *     images than groups
   */
  public GroupingReport run() {
    long start = System.nanoTime();
    DatasetInfo info = table.info();
    requireImages(info);
    Dataset<Row> described = described().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      SortedMap<String, Long> unreadable = unreadable(described);
      Dataset<Row> readable = described.where(col("features").isNotNull());
      requireEnough(info, readable.count());
      Dataset<Row> clustered = clustered(readable).persist(StorageLevel.MEMORY_AND_DISK());
      try {
        GroupMembers members = members(clustered);
        long changed = table.setProperty(config.attribute(), named(clustered, members.names()));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        GroupingReport report =
            new GroupingReport(
                info.name(),
                config.attribute(),
                config.seed(),
                clock.instant(),
                members.groups(),
                unreadable,
                changed,
                took);
        LOG.info(
            "Grouped {}: {} images in {} groups, {} properties changed, in {} ms",
            info.name(),
            report.grouped(),
            report.groups().size(),
            changed,
            took.toMillis());
        return report;
      } finally {
        clustered.unpersist();
      }
    } finally {
      described.unpersist();
    }
  }

  private static void requireImages(DatasetInfo info) {
    if (info.taskType().kind() != DatasetKind.IMAGE) {
      throw new DatasetException(
          "Cannot group %s: it holds %s data. Auto-grouping is for datasets of images."
              .formatted(info.name(), info.taskType().kind()));
    }
  }

  private void requireEnough(DatasetInfo info, long readable) {
    if (readable < config.groups()) {
      throw new DatasetException(
          "Cannot form %s groups in %s: only %s images take part and can be read. Ask for fewer groups or import more images."
              .formatted(config.groups(), info.name(), readable));
    }
  }

  private Dataset<Row> described() {
    Dataset<Row> samples = table.samples().where(col("kind").equalTo(DatasetKind.IMAGE.name()));
    Dataset<Row> chosen =
        config.images() == GroupedImages.UNLABELLED
            ? samples.where(coalesce(size(col("annotations")), lit(0)).leq(0))
            : samples;
    return chosen
        .select("id", "source")
        .repartition(PARTITIONS, col("id"))
        .sortWithinPartitions("id")
        .map(new DescribeImage(config.limits().imageBytes()), Encoders.row(DescribeImage.SCHEMA));
  }

  private static SortedMap<String, Long> unreadable(Dataset<Row> described) {
    SortedMap<String, Long> counts = new TreeMap<>();
    described
        .where(col("unreadable").isNotNull())
        .groupBy("unreadable")
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }

  private Dataset<Row> clustered(Dataset<Row> readable) {
    KMeansModel model =
        new KMeans()
            .setK(config.groups())
            .setSeed(config.seed())
            .setMaxIter(MAX_ITERATIONS)
            .setFeaturesCol("features")
            .setPredictionCol("cluster")
            .fit(readable);
    return model
        .transform(readable)
        .select("id", "source", "features", "cluster")
        .map(new DistanceToCentre(model.clusterCenters()), Encoders.row(DistanceToCentre.SCHEMA));
  }

  private GroupMembers members(Dataset<Row> clustered) {
    GroupMembers members = new GroupMembers(config.representatives());
    for (Iterator<Row> rows = clustered.toLocalIterator(); rows.hasNext(); ) {
      Row row = rows.next();
      members.add(
          row.getInt(2),
          new GroupedSample(
              new SampleId(row.getString(0)),
              StorageUri.parse(row.getString(1)),
              row.getDouble(3)));
    }
    return members;
  }

  /** Rows (id, value) with the name of each image's group. */
  private Dataset<Row> named(Dataset<Row> clustered, Map<Integer, String> names) {
    StructType schema =
        new StructType().add("cluster", DataTypes.IntegerType).add("value", DataTypes.StringType);
    List<Row> rows =
        names.entrySet().stream()
            .map(name -> RowFactory.create(name.getKey(), name.getValue()))
            .toList();
    return clustered
        .join(broadcast(spark.createDataFrame(rows, schema)), "cluster")
        .select("id", "value");
  }
}
