package io.millrace.dataset.delta;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Addresses in the form that Hadoop's file systems, and with them Delta, take. */
public final class HadoopPaths {
  /**
   * What {@code core-site.xml} on the class path says. Reading it takes long, so it is read once.
   */
  static final Configuration CONFIGURATION = new Configuration();

  private HadoopPaths() {}

  /**
   * The path of an address. A {@link Path} is never percent-encoded; {@code s3} is read through
   * {@code s3a}.
   */
  public static Path of(StorageUri address) {
    return switch (address.scheme()) {
      case FILE -> new Path("file", "", address.path());
      case S3, S3A -> new Path("s3a", address.authority(), address.path());
      case OBS -> new Path("obs", address.authority(), address.path());
      case HDFS -> new Path("hdfs", address.authority(), address.path());
      case HTTPS, CONTENT ->
          throw new DatasetException(
              "Cannot keep a dataset at %s: it is no directory. Give a local path or an address of an object store."
                  .formatted(address));
    };
  }

  /** The file system that an address belongs to. */
  static FileSystem fileSystem(StorageUri address) throws IOException {
    return of(address).getFileSystem(CONFIGURATION);
  }
}
