package io.millrace.dataset.delta.spark;

import io.millrace.dataset.storage.StorageSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The storage settings of a Spark session, in a form that its tasks can carry. */
public final class SessionStorage {
  private SessionStorage() {}

  /**
   * What was set for this session ({@code spark.hadoop.fs.*}, or by a program) about storage. What
   * Hadoop's files say is left out: each machine has its own.
   */
  public static StorageSettings of(SparkSession spark) {
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    Map<String, String> settings = new HashMap<>();
    for (Map.Entry<String, String> property : configuration) {
      String name = property.getKey();
      if (StorageSettings.isAboutStorage(name) && !isOfFile(configuration, name)) {
        settings.put(name, property.getValue());
      }
    }
    return new StorageSettings(settings);
  }

  private static boolean isOfFile(Configuration configuration, String name) {
    String[] sources = configuration.getPropertySources(name);
    return sources != null
        && sources.length > 0
        && Arrays.stream(sources).allMatch(source -> source.endsWith(".xml"));
  }
}
