package io.millrace.dataset.storage;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Objects of every storage that Hadoop's file system API reaches: HDFS, and by S3A the object
 * stores {@code s3://}, {@code s3a://} and {@code obs://} (whose endpoint and keys are S3A's own
 * settings, {@code fs.s3a.*}, a bucket each where needed).
 *
 * <p>A file system gets a temporary file that is renamed when it is whole. An object store shows an
 * object only when its upload ends, so it is written in place, and an upload that fails is aborted.
 */
public final class HadoopObjectStore implements ObjectStore {
  private final Configuration configuration;
  private final ConcurrentMap<URI, FileSystem> fileSystems = new ConcurrentHashMap<>();
  private final ConcurrentMap<URI, FileContext> contexts = new ConcurrentHashMap<>();

  public HadoopObjectStore(Configuration configuration) {
    this.configuration = requireNonNull(configuration, "configuration is null");
  }

  @Override
  public InputStream open(StorageUri object) throws IOException {
    Path path = path(object);
    try {
      FileSystem files = fileSystem(path);
      FileStatus status = files.getFileStatus(path);
      if (status.isDirectory()) {
        throw new FileNotFoundException("it is a directory");
      }
      return files.open(path);
    } catch (FileNotFoundException e) {
      FileNotFoundException missing =
          new FileNotFoundException("Cannot read %s: %s".formatted(object, e.getMessage()));
      missing.initCause(e);
      throw missing;
    } catch (IOException e) {
      throw new IOException("Cannot read %s: %s".formatted(object, e), e);
    }
  }

  @Override
  public PendingObject create(StorageUri object) throws IOException {
    Path path = path(object);
    try {
      FileSystem files = fileSystem(path);
      if (isObjectStore(object)) {
        return new PendingUpload(files, path, files.create(path, true));
      }
      if (isDirectory(object)) {
        throw new IOException("it is a directory");
      }
      Path temporary = new Path(path.getParent(), TemporaryName.fresh());
      FSDataOutputStream bytes = files.create(temporary, false);
      return new PendingRename(fileContext(path), files, path, temporary, bytes);
    } catch (IOException e) {
      throw new IOException("Cannot write %s: %s".formatted(object, e.getMessage()), e);
    }
  }

  @Override
  public Optional<StoredObject> find(StorageUri object) throws IOException {
    return status(object)
        .filter(status -> !status.isDirectory())
        .map(status -> stored(object, status));
  }

  @Override
  public boolean isDirectory(StorageUri address) throws IOException {
    return status(address).map(FileStatus::isDirectory).orElse(false);
  }

  @Override
  public Stream<StoredObject> list(StorageUri directory) throws IOException {
    Path root = path(directory);
    FileSystem files = fileSystem(root);
    if (!isDirectory(directory)) {
      return Stream.empty();
    }
    return objects(directory, files, files.listFiles(root, true));
  }

  @Override
  public Stream<StoredObject> listFiles(StorageUri directory) throws IOException {
    Path root = path(directory);
    FileSystem files = fileSystem(root);
    return isDirectory(directory)
        ? objects(directory, files, files.listStatusIterator(root))
        : Stream.empty();
  }

  @Override
  public Stream<StorageUri> listDirectories(StorageUri directory) throws IOException {
    Path root = path(directory);
    return isDirectory(directory)
        ? stream(directory, fileSystem(root).listStatusIterator(root))
            .filter(FileStatus::isDirectory)
            .map(status -> directory.resolve(status.getPath().getName()))
        : Stream.empty();
  }

  @Override
  public void delete(StorageUri address) throws IOException {
    Path path = path(address);
    FileSystem files = fileSystem(path);
    if (!files.delete(path, true) && files.exists(path)) {
      throw new IOException("Cannot delete %s: the storage refused it".formatted(address));
    }
  }

  @Override
  public void rename(StorageUri directory, StorageUri target) throws IOException {
    Path from = path(directory);
    Path to = path(target);
    FileSystem files = fileSystem(from);
    if (files.exists(to)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (!files.exists(from)) {
      throw new FileNotFoundException(
          "Cannot rename %s: there is no such directory".formatted(directory));
    }
    files.mkdirs(to.getParent());
    if (!files.rename(from, to)) {
      throw new IOException(
          "Cannot rename %s to %s: the storage refused it".formatted(directory, target));
    }
  }

  private static Stream<StoredObject> objects(
      StorageUri directory, FileSystem files, RemoteIterator<? extends FileStatus> listed) {
    String prefix = withSlash(files.makeQualified(path(directory)).toUri().getPath());
    return stream(directory, listed)
        .filter(FileStatus::isFile)
        .filter(status -> !TemporaryName.matches(status.getPath().getName()))
        .map(
            status -> {
              String name = status.getPath().toUri().getPath().substring(prefix.length());
              return stored(directory.resolve(name), status);
            });
  }

  /** Hadoop's form of an address. */
  static Path path(StorageUri uri) {
    return switch (uri.scheme()) {
      case S3, S3A, OBS -> new Path("s3a", uri.authority(), uri.path());
      case HDFS -> new Path("hdfs", uri.authority(), uri.path());
      case FILE -> new Path("file", "", uri.path());
      case HTTPS, CONTENT ->
          throw new DatasetException(
              "Cannot use %s here: it is neither a file system nor an object store".formatted(uri));
    };
  }

  private Optional<FileStatus> status(StorageUri address) throws IOException {
    Path path = path(address);
    try {
      return Optional.of(fileSystem(path).getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IOException("Cannot look up %s: %s".formatted(address, e), e);
    }
  }

  /**
   * Hadoop's own cache tells file systems apart by scheme and host alone and would mix up those of
   * different settings, so each store keeps its own until the process ends.
   */
  private FileSystem fileSystem(Path path) throws IOException {
    return connected(fileSystems, path, uri -> FileSystem.newInstance(uri, configuration));
  }

  /** Hadoop's other interface to a file system, the one that can rename over an old file. */
  private FileContext fileContext(Path path) throws IOException {
    return connected(contexts, path, uri -> FileContext.getFileContext(uri, configuration));
  }

  private static <T> T connected(ConcurrentMap<URI, T> open, Path path, Connector<T> connector)
      throws IOException {
    try {
      return open.computeIfAbsent(
          path.toUri().resolve("/"),
          root -> {
            try {
              return connector.connect(root);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Connects to the storage of a root address. */
  @FunctionalInterface
  private interface Connector<T> {
    T connect(URI root) throws IOException;
  }

  private static boolean isObjectStore(StorageUri uri) {
    return switch (uri.scheme()) {
      case S3, S3A, OBS -> true;
      case HDFS, FILE, HTTPS, CONTENT -> false;
    };
  }

  private static StoredObject stored(StorageUri uri, FileStatus status) {
    Optional<String> etag =
        status instanceof EtagSource source
            ? StoredObject.etag(Optional.ofNullable(source.getEtag()))
            : Optional.empty();
    return new StoredObject(
        uri, status.getLen(), Instant.ofEpochMilli(status.getModificationTime()), etag);
  }

  private static String withSlash(String path) {
    return path.endsWith("/") ? path : path + "/";
  }

  private static <T extends FileStatus> Stream<T> stream(
      StorageUri directory, RemoteIterator<T> remote) {
    Iterator<T> iterator =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            try {
              return remote.hasNext();
            } catch (IOException e) {
              throw new UncheckedIOException("Cannot list %s: %s".formatted(directory, e), e);
            }
          }

          @Override
          public T next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            try {
              return remote.next();
            } catch (IOException e) {
              throw new UncheckedIOException("Cannot list %s: %s".formatted(directory, e), e);
            }
          }
        };
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(iterator, Spliterator.NONNULL), false);
  }

  /** A file of a file system under its temporary name. */
  private static final class PendingRename extends PendingObject {
    private final FileContext context;
    private final FileSystem files;
    private final Path target;
    private final Path temporary;

    PendingRename(
        FileContext context,
        FileSystem files,
        Path target,
        Path temporary,
        FSDataOutputStream bytes) {
      super(bytes);
      this.context = context;
      this.files = files;
      this.target = target;
      this.temporary = temporary;
    }

    @Override
    protected void publish() throws IOException {
      context.rename(temporary, target, Options.Rename.OVERWRITE);
    }

    @Override
    protected void forget() throws IOException {
      files.delete(temporary, false);
    }
  }

  /** An upload that the object store shows when it ends. */
  private static final class PendingUpload extends PendingObject {
    private final FileSystem files;
    private final Path target;
    private final FSDataOutputStream upload;
    private boolean visible;

    PendingUpload(FileSystem files, Path target, FSDataOutputStream upload) {
      super(upload);
      this.files = files;
      this.target = target;
      this.upload = upload;
    }

    @Override
    protected void publish() {
      // The end of the upload did it.
    }

    @Override
    protected void abandon(OutputStream stream) throws IOException {
      if (upload.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
        upload.abort();
      } else {
        stream.close();
        visible = true;
      }
    }

    @Override
    protected void forget() throws IOException {
      if (visible) {
        files.delete(target, false);
      }
    }
  }
}
