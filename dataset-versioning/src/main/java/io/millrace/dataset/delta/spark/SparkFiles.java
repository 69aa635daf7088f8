package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.udf;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.HadoopPaths;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** The addresses of files in Spark's own forms. */
public final class SparkFiles {
  private SparkFiles() {}

  /**
   * The text by which Spark's readers find this very file: they take brackets, braces, asterisks
   * and question marks for patterns.
   */
  public static String path(StorageUri file) {
    return HadoopPaths.of(file).toString().replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
  }

  /**
   * The addresses that {@code _metadata.file_path} means, whose form differs from any other.
   *
   * @param files all that are read
   * @param metadataPath the column of Spark's paths, percent-encoded after its own fashion
   */
  public static Column addresses(Collection<StorageUri> files, Column metadataPath) {
    HashMap<String, String> addresses = new HashMap<>();
    for (StorageUri file : files) {
      addresses.put(key(HadoopPaths.of(file).toUri()), file.value());
    }
    return udf(new AddressOf(addresses), DataTypes.StringType).apply(metadataPath);
  }

  private static String key(URI uri) {
    return uri.getAuthority() + " " + uri.getPath();
  }

  private record AddressOf(HashMap<String, String> addresses) implements UDF1<String, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String call(String metadataPath) {
      String address = addresses.get(key(URI.create(metadataPath)));
      if (address == null) {
        throw new IllegalStateException(
            "Spark read a file that was not asked for: " + metadataPath);
      }
      return address;
    }
  }
}
