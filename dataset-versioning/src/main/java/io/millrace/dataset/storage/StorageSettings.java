package io.millrace.dataset.storage;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.storage.StoreEndpoint.Service;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  /**
   * What stands before Hadoop's name in the system properties that {@link #ofProcess} reads. Spark
   * names its own settings so: it sets these properties where {@code spark-submit} started the
   * process, and reads them where it starts inside it.
   */
  public static final String SYSTEM_PREFIX = "spark.hadoop.";

  /** The families of settings that say how storage is reached. */
  private static final Pattern ABOUT_STORAGE =
      Pattern.compile(
          "(fs|dfs|ipc\\.client|io\\.delta\\.kernel\\.logStore|hadoop\\.(rpc|security|socks))\\..+");

  private static final Pattern USER_SETTING =
      Pattern.compile("(fs|dfs|ipc\\.client|hadoop\\.(rpc|security|socks))\\..+");

  private static final Pattern SECRET =
      Pattern.compile(
          "(?i).*(access[._-]?key|secret|session[._-]?token|sas[._-]?token|password|passphrase|encryption[._-]key|account[._-]key).*");

  private static final Pattern USER_IN_ADDRESS = Pattern.compile("(?s).*://[^/]*@.*");

  // How Delta commits; both by their text, since the ground floor of storage knows no Delta.
  private static final String CONDITIONAL_PUT = "io.millrace.dataset.delta.ConditionalPutLogStore";
  private static final String LOCAL_LINK = "io.millrace.dataset.delta.LocalLogStore";

  /**
   * What Millrace sets where Hadoop's files say nothing else. Hadoop's own values repeat a request
   * that nobody answers for many minutes; with these, an endpoint that refuses connections fails in
   * seconds and one that swallows them within two minutes.
   */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          // Hadoop's chain lacks the profile file, web identities and containers.
          Map.entry(
              "fs.s3a.aws.credentials.provider",
              "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider,org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider,software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider"),
          Map.entry("fs.s3a.attempts.maximum", "2"),
          Map.entry("fs.s3a.retry.limit", "3"),
          Map.entry("fs.s3a.retry.interval", "500ms"),
          Map.entry("fs.s3a.connection.establish.timeout", "10s"),
          Map.entry("fs.s3a.connection.timeout", "60s"),
          // By its text: where S3A is not installed, the class cannot be loaded.
          Map.entry("fs.obs.impl", "io.millrace.dataset.storage.ObsFileSystem"),
          Map.entry("io.delta.kernel.logStore.s3.impl", CONDITIONAL_PUT),
          Map.entry("io.delta.kernel.logStore.s3a.impl", CONDITIONAL_PUT),
          Map.entry("io.delta.kernel.logStore.obs.impl", CONDITIONAL_PUT),
          Map.entry("io.delta.kernel.logStore.file.impl", LOCAL_LINK),
          Map.entry("ipc.client.connect.timeout", "10000"),
          Map.entry("ipc.client.connect.max.retries", "3"),
          Map.entry("ipc.client.connect.max.retries.on.timeouts", "2"));

  private static final ConcurrentMap<StorageSettings, Configuration> CONFIGURATIONS =
      new ConcurrentHashMap<>();

  public StorageSettings {
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
  }

  /**
   * The settings of this process. Later ones win: Hadoop's files, with Millrace's own where they
   * say nothing; the environment ({@link StoreEndpoint#ofEnvironment}); the system properties
   * {@code spark.hadoop.fs.*}.
   */
  public static StorageSettings ofProcess() {
    Map<String, String> system =
        System.getProperties().stringPropertyNames().stream()
            .filter(name -> name.startsWith(SYSTEM_PREFIX))
            .collect(
                Collectors.toMap(
                    name -> name.substring(SYSTEM_PREFIX.length()), System::getProperty));
    return of(System::getenv, system);
  }

  /** The settings of a process with this environment and these settings on top. */
  static StorageSettings of(UnaryOperator<String> environment, Map<String, String> explicit) {
    Map<String, String> settings = new TreeMap<>(HadoopFiles.UNSAID);
    for (Service service : Service.values()) {
      settings.putAll(StoreEndpoint.ofEnvironment(service, environment).properties());
    }
    explicit.forEach(
        (name, value) -> {
          if (isAboutStorage(name)) {
            settings.put(name, value);
          }
        });
    return new StorageSettings(settings);
  }

  /** Whether a setting of Hadoop says how storage is reached. */
  public static boolean isAboutStorage(String name) {
    return ABOUT_STORAGE.matcher(name).matches();
  }

  /**
   * Checks a setting that a user wrote down.
   *
   * @throws io.millrace.dataset.DatasetException if it is not about storage, or holds a secret,
   *     which the message does not repeat
   */
  public static void checkUserSetting(String name, String value) {
    if (SECRET.matcher(name).matches() || USER_IN_ADDRESS.matcher(value).matches()) {
      throw StorageErrors.secretSetting(name);
    }
    checkArgument(
        USER_SETTING.matcher(name).matches(),
        "Invalid storage setting: '%s' (expected a setting of Hadoop's file systems, such as fs.s3a.connection.maximum)",
        name);
  }

  /** These settings with others on top. */
  public StorageSettings and(Map<String, String> others) {
    Map<String, String> settings = new TreeMap<>(properties);
    settings.putAll(others);
    return new StorageSettings(settings);
  }

  /** Hadoop's files with these settings on top; one for all who ask, not to be changed. */
  public Configuration toConfiguration() {
    return CONFIGURATIONS.computeIfAbsent(
        this,
        settings -> {
          Configuration configuration = new Configuration(HadoopFiles.CONFIGURATION);
          settings.properties.forEach(configuration::set);
          return configuration;
        });
  }

  /** The names alone: a value may be a secret that Spark took from the environment. */
  @Override
  public String toString() {
    return "StorageSettings" + properties.keySet();
  }

  /** Loaded when first used, since reading the files takes long. */
  private static final class HadoopFiles {
    static final Configuration CONFIGURATION = new Configuration();

    /** Millrace's settings for which the files have nothing but Hadoop's own defaults. */
    static final Map<String, String> UNSAID =
        DEFAULTS.entrySet().stream()
            .filter(setting -> !isSaid(setting.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    private static boolean isSaid(String name) {
      String[] sources = CONFIGURATION.getPropertySources(name);
      return sources != null
          && Arrays.stream(sources).anyMatch(source -> !source.endsWith("-default.xml"));
    }
  }
}
