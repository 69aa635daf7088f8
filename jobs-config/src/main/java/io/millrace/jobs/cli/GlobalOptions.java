package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.storage.StoreEndpoint;
import io.millrace.dataset.storage.StoreEndpoint.Addressing;
import io.millrace.dataset.storage.StoreEndpoint.Service;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The options that every command takes. */
public final class GlobalOptions {
  @Option(
      names = "--datasets",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:MILLRACE_DATASETS:-datasets}",
      description = "Where datasets are kept (default: $MILLRACE_DATASETS, else ./datasets).")
  StorageUri datasets;

  @Option(
      names = {"-o", "--output-format"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      defaultValue = "text",
      description =
          "How results are printed: ${COMPLETION-CANDIDATES} (default: text); csv by train compare alone.")
  OutputFormat format;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print stack traces, and the engines' log lines.")
  boolean debug;

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      converter = EndpointAddress.class,
      description =
          "Where s3:// and s3a:// are served (default: $AWS_ENDPOINT_URL_S3, $AWS_ENDPOINT_URL, else Amazon).")
  URI s3Endpoint;

  @Option(
      names = "--s3-region",
      paramLabel = "REGION",
      scope = ScopeType.INHERIT,
      description = "The region of s3:// (default: $AWS_REGION, $AWS_DEFAULT_REGION).")
  String s3Region;

  @Option(
      names = "--s3-path-style",
      negatable = true,
      scope = ScopeType.INHERIT,
      description =
          "Ask for ENDPOINT/BUCKET/key, not BUCKET.ENDPOINT/key (default: yes, except at Amazon).")
  Boolean s3PathStyle;

  @Option(
      names = "--obs-endpoint",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      converter = EndpointAddress.class,
      description = "Where obs:// is served (default: $MILLRACE_OBS_ENDPOINT).")
  URI obsEndpoint;

  @Option(
      names = "--storage",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description =
          "A setting of Hadoop's file systems, such as fs.s3a.connection.maximum=50; never a key or a password. May be repeated.")
  Map<String, String> storage = Map.of();

  /**
   * The storage settings that the command line gives, by Hadoop's names; empty where it gives none.
   *
   * @throws DatasetException for a setting that is none of storage or that holds a secret
   */
  Map<String, String> storageSettings() {
    Map<String, String> settings = new TreeMap<>();
    if (s3Endpoint != null || s3Region != null || s3PathStyle != null) {
      settings.putAll(
          StoreEndpoint.ofEnvironment(Service.S3, System::getenv)
              .with(
                  Optional.ofNullable(s3Endpoint),
                  Optional.ofNullable(s3Region),
                  Optional.ofNullable(s3PathStyle)
                      .map(byPath -> byPath ? Addressing.PATH : Addressing.VIRTUAL_HOST))
              .properties());
    }
    if (obsEndpoint != null) {
      settings.putAll(
          StoreEndpoint.ofEnvironment(Service.OBS, System::getenv)
              .with(Optional.of(obsEndpoint), Optional.empty(), Optional.empty())
              .properties());
    }
    storage.forEach(StorageSettings::checkUserSetting);
    settings.putAll(storage);
    return settings;
  }

  /** Reads {@code --s3-endpoint} and its kin. */
  static final class EndpointAddress implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        return StoreEndpoint.parseAddress(text);
      } catch (DatasetException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  DatasetCatalog catalog() {
    return DatasetCatalog.at(datasets);
  }

  Console console(CommandSpec spec) {
    return new Console(spec.commandLine().getOut(), format);
  }
}
