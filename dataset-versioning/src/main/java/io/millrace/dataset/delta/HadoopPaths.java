package io.millrace.dataset.delta;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.HadoopObjectStore;
import io.millrace.dataset.storage.StorageSettings;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Addresses in the form that Hadoop's file systems, and with them Delta, take. */
public final class HadoopPaths {
  private HadoopPaths() {}

  /**
   * The path of an address. A {@link Path} is never percent-encoded; {@code s3} is read through
   * {@code s3a}.
   */
  public static Path of(StorageUri address) {
    return switch (address.scheme()) {
      case FILE, S3, S3A, OBS, HDFS -> HadoopObjectStore.path(address);
      case HTTPS, CONTENT ->
          throw new DatasetException(
              "Cannot keep a dataset at %s: it is no directory. Give a local path or an address of an object store."
                  .formatted(address));
    };
  }

  /** The file system that an address belongs to. */
  static FileSystem fileSystem(StorageUri address) throws IOException {
    return of(address).getFileSystem(configuration());
  }

  /** The storage settings of this process. */
  static Configuration configuration() {
    return StorageSettings.ofProcess().toConfiguration();
  }
}
