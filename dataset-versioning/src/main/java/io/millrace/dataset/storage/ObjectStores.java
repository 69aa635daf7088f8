package io.millrace.dataset.storage;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Picks the store that serves an address. */
public final class ObjectStores {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  /** A store holds connections, so there is one for each set of settings. */
  private static final ConcurrentMap<StorageSettings, HadoopObjectStore> HADOOP =
      new ConcurrentHashMap<>();

  private ObjectStores() {}

  /**
   * The store of an address' scheme, with the settings of this process where it has any: local
   * addresses load no class of Hadoop.
   *
   * @throws DatasetException for inline content, which is its own object
   */
  public static ObjectStore of(StorageUri uri) {
    return switch (uri.scheme()) {
      case S3, S3A, OBS, HDFS -> of(uri, StorageSettings.ofProcess());
      case FILE, HTTPS, CONTENT -> of(uri, StorageSettings.NONE);
    };
  }

  /**
   * The store of an address' scheme with explicit settings.
   *
   * @throws DatasetException for inline content, which is its own object
   */
  public static ObjectStore of(StorageUri uri, StorageSettings settings) {
    return switch (uri.scheme()) {
      case FILE -> new LocalObjectStore();
      case S3, S3A, OBS, HDFS ->
          HADOOP.computeIfAbsent(settings, given -> new HadoopObjectStore(given.toConfiguration()));
      case HTTPS -> Web.STORE;
      case CONTENT ->
          throw new DatasetException(
              "Cannot open %s on storage: the text after content:// is the content itself"
                  .formatted(uri));
    };
  }

  /** Loaded when first used: one client serves all addresses, and keeps connections open. */
  private static final class Web {
    static final ObjectStore STORE =
        new HttpsObjectStore(
            HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build());
  }
}
