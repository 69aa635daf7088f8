package io.millrace.dataset.storage;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Settings of Hadoop's file systems that were given explicitly, such as {@code fs.s3a.endpoint}:
 * they go on top of what Hadoop's own files ({@code core-site.xml}) say. As a value they travel
 * with a Spark task to where the storage is read.
 *
 * @param properties by Hadoop's names
 */
public record StorageSettings(Map<String, String> properties) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Nothing but what Hadoop's own files say. */
  public static final StorageSettings NONE = new StorageSettings(Map.of());

  public StorageSettings {
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
  }

  /** Hadoop's files with these settings on top. */
  public Configuration toConfiguration() {
    Configuration configuration = new Configuration(HadoopFiles.CONFIGURATION);
    properties.forEach(configuration::set);
    return configuration;
  }

  /** The names alone: a value may be a secret that Spark took from the environment. */
  @Override
  public String toString() {
    return "StorageSettings" + properties.keySet();
  }

  /** Loaded when first used, since reading the files takes long. */
  private static final class HadoopFiles {
    static final Configuration CONFIGURATION = new Configuration();
  }
}
