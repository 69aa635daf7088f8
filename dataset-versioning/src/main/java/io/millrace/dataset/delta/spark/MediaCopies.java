package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.sum;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.dataset.versioning.Branch;
import io.millrace.dataset.versioning.GcReport.Garbage;
import io.millrace.dataset.versioning.GcReport.GcMode;
import io.millrace.dataset.versioning.GcReport.Kind;
import io.millrace.dataset.versioning.VersionHistory;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The copies of sources that a dataset holds, and which of them no sample refers to. */
final class MediaCopies {
  private static final StructType SCHEMA =
      new StructType()
          .add("path", DataTypes.StringType)
          .add("size_bytes", DataTypes.LongType)
          .add("modified_at", DataTypes.LongType);

  private final SparkSession spark;
  private final DatasetTable table;
  private final DatasetLayout layout;
  private final VersionHistory history;
  private final Instant limit;

  /**
   * The copies of a dataset.
   *
   * @param history whose branches may refer to copies
   * @param limit copies that were written after it are left alone
   */
  MediaCopies(DatasetTable table, VersionHistory history, Instant limit) {
    this.spark = table.spark();
    this.table = table;
    this.layout = table.layout();
    this.history = requireNonNull(history, "history is null");
    this.limit = requireNonNull(limit, "limit is null");
  }

  /**
   * Copies are known by the end of their address, whatever the dataset's directory was called when
   * samples were brought in: the name of a copy says what it holds.
   */
  List<Garbage> collect(GcMode mode) {
    List<String> directories =
        GarbageFiles.directories(layout.data()).stream().map(StorageUri::value).toList();
    if (directories.isEmpty()) {
      return List.of();
    }
    Dataset<Row> all =
        spark.createDataFrame(
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(directories, Math.min(directories.size(), 256))
                .mapPartitions(new ListCopies(limit.toEpochMilli())),
            SCHEMA);
    Dataset<Row> unused =
        all.join(
                DatasetTable.neverBroadcast(referredCopies()),
                regexp_extract(col("path"), "([^/]+/[^/]+)$", 1).equalTo(col("referred")),
                "left_anti")
            .persist();
    try {
      Row totals = unused.agg(count(lit(1)), sum("size_bytes")).first();
      if (totals.getLong(0) == 0) {
        return List.of();
      }
      if (mode == GcMode.REMOVE) {
        unused
            .select("path")
            .javaRDD()
            .foreachPartition(
                paths -> {
                  while (paths.hasNext()) {
                    GarbageFiles.delete(StorageUri.parse(paths.next().getString(0)));
                  }
                });
      }
      return List.of(new Garbage(Kind.MEDIA_COPY, "data", totals.getLong(0), totals.getLong(1)));
    } finally {
      unused.unpersist();
    }
  }

  private Dataset<Row> referredCopies() {
    Dataset<Row> sources = table.versionSamples().select("source");
    for (Branch branch : history.everyBranch()) {
      sources =
          sources.unionByName(
              DatasetTable.open(spark, layout.onBranch(branch)).samples().select("source"));
    }
    return sources
        .select(regexp_extract(col("source"), "/data/([^/]+/[^/]+)$", 1).as("referred"))
        .where(col("referred").notEqual(""))
        .distinct();
  }

  /** Lists directories of copies; those written after the limit are left out. */
  private record ListCopies(long limitMillis) implements FlatMapFunction<Iterator<String>, Row> {
    @Override
    public Iterator<Row> call(Iterator<String> directories) throws IOException {
      List<Row> rows = new ArrayList<>();
      Predicate<StoredObject> isOld = copy -> copy.modifiedAt().toEpochMilli() < limitMillis;
      while (directories.hasNext()) {
        StorageUri directory = StorageUri.parse(directories.next());
        ObjectStore store = ObjectStores.of(directory);
        try (Stream<StoredObject> copies = store.listFiles(directory)) {
          copies
              .filter(isOld)
              .map(
                  copy ->
                      RowFactory.create(
                          copy.uri().value(), copy.sizeBytes(), copy.modifiedAt().toEpochMilli()))
              .forEach(rows::add);
        }
      }
      return rows.iterator();
    }
  }
}
