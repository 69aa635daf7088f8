package io.millrace.dataset.storage;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.s3a.S3AFileSystem;

/**
 * Huawei's object storage through its S3 interface: S3A with the settings {@code fs.obs.*} in the
 * place of {@code fs.s3a.*}, so that one process can use {@code s3://} and {@code obs://} side by
 * side, buckets of one name included. A setting that {@code fs.obs.*} does not have is S3A's.
 *
 * <p>Keys come from the environment variables of Huawei's own clients ({@code OBS_ACCESS_KEY_ID},
 * {@code OBS_SECRET_ACCESS_KEY}, {@code OBS_SECURITY_TOKEN}), from Hadoop's credential file ({@code
 * fs.obs.access.key} ...), else from where S3A has them.
 *
 * <p>Hadoop makes it by its name, {@code fs.obs.impl}; another class there, such as Huawei's own
 * connector, takes its place.
 */
public final class ObsFileSystem extends S3AFileSystem {
  private static final String OBS = "fs.obs.";
  private static final String S3A = "fs.s3a.";
  private static final String ACCESS_KEY = "access.key";
  private static final String SECRET_KEY = "secret.key";
  private static final String SESSION_TOKEN = "session.token";

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, s3aSettings(name, configuration, System::getenv));
  }

  @Override
  public String getScheme() {
    return "obs";
  }

  /**
   * What S3A is told instead.
   *
   * @throws IOException if no endpoint is set, which for Huawei's storage no default can stand for
   */
  static Configuration s3aSettings(
      URI name, Configuration configuration, UnaryOperator<String> environment) throws IOException {
    if (configuration.get(OBS + "endpoint", "").isBlank()) {
      throw StorageErrors.noObsEndpoint(name);
    }
    Configuration settings = new Configuration(configuration);
    String ofS3Bucket = S3A + "bucket." + name.getHost() + ".";
    for (Map.Entry<String, String> property : configuration) {
      if (property.getKey().startsWith(ofS3Bucket)) {
        settings.unset(property.getKey());
      }
    }
    for (Map.Entry<String, String> property : configuration) {
      if (property.getKey().startsWith(OBS) && !property.getKey().equals(OBS + "impl")) {
        settings.set(S3A + property.getKey().substring(OBS.length()), property.getValue());
      }
    }
    setKeys(settings, configuration, environment);
    return settings;
  }

  private static void setKeys(
      Configuration settings, Configuration configuration, UnaryOperator<String> environment)
      throws IOException {
    String accessKey = environment.apply("OBS_ACCESS_KEY_ID");
    if (accessKey != null && !accessKey.isBlank()) {
      set(settings, ACCESS_KEY, accessKey);
      set(settings, SECRET_KEY, environment.apply("OBS_SECRET_ACCESS_KEY"));
      set(settings, SESSION_TOKEN, environment.apply("OBS_SECURITY_TOKEN"));
      return;
    }
    char[] kept = configuration.getPassword(OBS + ACCESS_KEY);
    if (kept != null) {
      set(settings, ACCESS_KEY, new String(kept));
      set(settings, SECRET_KEY, text(configuration.getPassword(OBS + SECRET_KEY)));
      set(settings, SESSION_TOKEN, text(configuration.getPassword(OBS + SESSION_TOKEN)));
    }
  }

  /** A key of S3 must not stay beside one of OBS, so what is absent is taken away. */
  private static void set(Configuration settings, String name, String value) {
    if (value == null || value.isBlank()) {
      settings.unset(S3A + name);
    } else {
      settings.set(S3A + name, value);
    }
  }

  private static String text(char[] secret) {
    return secret == null ? null : new String(secret);
  }
}
