package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the code of a job lies: in a directory of this machine, or in one of an object store or
 * HDFS. Back ends that can fetch it take both alike.
 *
 * @param uri a local one is absolute and without {@code ..}; any other is as it was given
 */
public record CodeLocation(StorageUri uri) {
  public CodeLocation {
    requireNonNull(uri, "uri is null");
    checkArgument(
        switch (uri.scheme()) {
          case FILE, S3, S3A, OBS, HDFS -> true;
          case HTTPS, CONTENT -> false;
        },
        "Invalid code-dir: '%s' is no directory (expected a local one, or one of s3://, s3a://, obs:// or hdfs://)",
        uri);
    uri = uri.localPath().map(StorageUri::of).orElse(uri);
    List<String> names = Arrays.asList(uri.path().split("/"));
    checkArgument(
        !names.contains("..") && !names.contains("."),
        "Invalid code-dir: '%s' (expected an address without '.' and '..')",
        uri);
  }

  /** A directory of this machine; a relative one is below the working directory. */
  public static CodeLocation of(Path directory) {
    return new CodeLocation(StorageUri.of(directory));
  }

  /**
   * Reads an absolute path or an address, as {@link #toString()} writes it.
   *
   * @throws io.millrace.dataset.DatasetException if it is none, or no directory can be there
   */
  public static CodeLocation parse(String text) {
    return new CodeLocation(StorageUri.parse(text));
  }

  /** The directory, if it is one of this machine. */
  public Optional<Path> localPath() {
    return uri.localPath();
  }

  /** What the directory is called on a node: as it is called here. */
  public String name() {
    return uri.fileName().isEmpty() ? "code" : uri.fileName();
  }

  /**
   * A file's path below the directory.
   *
   * @param file such a path, or the whole path or address of something below; an object of a store
   *     may be written {@code /BUCKET/KEY}, as ModelArts' SDK has it
   * @return the file as it was given, if it is not below
   * @throws io.millrace.dataset.DatasetException if it is an address that cannot be read
   */
  public String relative(String file) {
    if (localPath().isPresent()) {
      Path given = Path.of(file).normalize();
      Path directory = localPath().get();
      return given.isAbsolute() && given.startsWith(directory)
          ? directory.relativize(given).toString()
          : file;
    }
    String scheme = uri.value().substring(0, uri.value().indexOf("//"));
    String whole = file.startsWith("/" + uri.authority() + "/") ? scheme + "/" + file : file;
    if (!whole.contains("://")) {
      return file;
    }
    StorageUri given = StorageUri.parse(whole);
    return given.isSameOrBelow(uri) && !uri.isSameOrBelow(given) ? uri.relativize(given) : file;
  }

  /** For users: a local path as such, anything else as it was given. */
  @Override
  public String toString() {
    return localPath().map(Path::toString).orElse(uri.toString());
  }
}
