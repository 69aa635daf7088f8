package io.millrace.dataset.delta.spark;

import io.millrace.dataset.storage.StorageSettings;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark settings without which Delta tables cannot be read and written, and those that make a
 * session on one machine start fast.
 */
public final class DeltaSession {
  private static final String KERNEL_LOG_STORE = "io.delta.kernel.logStore.";
  private static final String SPARK_LOG_STORE = "spark.delta.logStore.";

  private DeltaSession() {}

  /**
   * A builder for a job that was started by {@code spark-submit}: only what Delta needs, and the
   * storage settings of this process.
   */
  public static SparkSession.Builder submitted(String applicationName) {
    SparkSession.Builder builder = SparkSession.builder();
    StorageSettings.ofProcess()
        .properties()
        .forEach((name, value) -> builder.config(StorageSettings.SYSTEM_PREFIX + name, value));
    setLogStores(builder, StorageSettings.ofProcess().properties());
    return builder
        .appName(applicationName)
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.sql.session.timeZone", "UTC");
  }

  /** Spark commits as Kernel does; but what {@code spark-submit} was told goes first. */
  private static void setLogStores(
      SparkSession.Builder builder, Map<String, String> storageSettings) {
    storageSettings.forEach(
        (name, value) -> {
          if (name.startsWith(KERNEL_LOG_STORE)) {
            String setting = SPARK_LOG_STORE + name.substring(KERNEL_LOG_STORE.length());
            builder.config(setting, System.getProperty(setting, value));
          }
        });
  }

  /**
   * A builder for an embedded session in this process.
   *
   * @param threads tasks that run at once; at least 1
   */
  public static SparkSession.Builder embedded(String applicationName, int threads) {
    String shufflePartitions = Integer.toString(Math.max(2, threads));
    return submitted(applicationName)
        .master("local[" + threads + "]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", shufflePartitions)
        .config("spark.databricks.delta.snapshotPartitions", "1")
        // A vacuum lists with so many tasks; the default of 10,000 is for clusters.
        .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", shufflePartitions)
        .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/warehouse");
  }
}
