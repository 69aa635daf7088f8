package io.millrace.dataset.storage;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.net.http.HttpClient;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;

/** Picks the store that serves an address. */
public final class ObjectStores {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  private ObjectStores() {}

  /**
   * The store of an address' scheme, with Hadoop's settings from its own files where it is needed:
   * local addresses load no class of Hadoop.
   *
   * @throws DatasetException for inline content, which is its own object
   */
  public static ObjectStore of(StorageUri uri) {
    return switch (uri.scheme()) {
      case FILE -> new LocalObjectStore();
      case S3, S3A, OBS, HDFS -> new HadoopObjectStore(new Configuration());
      case HTTPS ->
          new HttpsObjectStore(
              HttpClient.newBuilder()
                  .connectTimeout(CONNECT_TIMEOUT)
                  .followRedirects(HttpClient.Redirect.NORMAL)
                  .build());
      case CONTENT ->
          throw new DatasetException(
              "Cannot open %s on storage: the text after content:// is the content itself"
                  .formatted(uri));
    };
  }
}
