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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.util.functional.FutureIO;

/**
 * Objects of every storage that Hadoop's file system API reaches: HDFS, and by S3A the object
 * stores {@code s3://} and {@code s3a://} (with the settings {@code fs.s3a.*}) and {@code obs://}
 * ({@code fs.obs.*}, see {@link ObsFileSystem}).
 *
 * <p>A file system gets a temporary file that is renamed when it is whole. An object store shows an
 * object only when its upload ends, so it is written in place, and an upload that fails is aborted.
 */
public final class HadoopObjectStore implements ObjectStore {
  /** An empty part of a key and the parts that lead elsewhere: Hadoop's paths fold them away. */
  private static final Pattern UNREACHABLE_KEY = Pattern.compile("//|/\\.{1,2}(/|$)");

  private final Configuration configuration;
  private final ConcurrentMap<URI, FileSystem> fileSystems = new ConcurrentHashMap<>();
  private final ConcurrentMap<URI, FileContext> contexts = new ConcurrentHashMap<>();

  public HadoopObjectStore(Configuration configuration) {
    this.configuration = requireNonNull(configuration, "configuration is null");
  }

  @Override
  public InputStream open(StorageUri object) throws IOException {
    Path path = checkedPath(object);
    try {
      FileSystem files = fileSystem(path);
      FileStatus status = files.getFileStatus(path);
      if (status.isDirectory()) {
        throw new FileNotFoundException("it is a directory");
      }
      return FutureIO.awaitFuture(files.openFile(path).withFileStatus(status).build());
    } catch (FileNotFoundException e) {
      throw StorageErrors.missing(object, e);
    } catch (IOException e) {
      throw StorageErrors.failed("read", object, e);
    }
  }

  @Override
  public PendingObject create(StorageUri object) throws IOException {
    Path path = checkedPath(object);
    if (isDirectory(object)) {
      throw new IOException("Cannot write %s: it is a directory".formatted(object));
    }
    try {
      FileSystem files = fileSystem(path);
      if (isObjectStore(object)) {
        return new PendingUpload(object, files, path, files.create(path, true));
      }
      Path temporary = new Path(path.getParent(), TemporaryName.fresh());
      FSDataOutputStream bytes = files.create(temporary, false);
      return new PendingRename(fileContext(path), files, path, temporary, bytes);
    } catch (IOException e) {
      throw StorageErrors.failed("write", object, e);
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
    return listed(directory, (files, root) -> files.listFiles(root, true))
        .flatMap(status -> object(directory, status).stream());
  }

  @Override
  public Stream<StoredObject> listFiles(StorageUri directory) throws IOException {
    return listed(directory, FileSystem::listStatusIterator)
        .flatMap(status -> object(directory, status).stream());
  }

  @Override
  public Stream<StorageUri> listDirectories(StorageUri directory) throws IOException {
    return listed(directory, FileSystem::listStatusIterator)
        .filter(FileStatus::isDirectory)
        .map(status -> directory.resolve(status.getPath().getName()));
  }

  @Override
  public void delete(StorageUri address) throws IOException {
    Path path = checkedPath(address);
    boolean left;
    try {
      FileSystem files = fileSystem(path);
      left = !files.delete(path, true) && files.exists(path);
    } catch (IOException e) {
      throw StorageErrors.failed("delete", address, e);
    }
    if (left) {
      throw new IOException("Cannot delete %s: the storage refused it".formatted(address));
    }
  }

  @Override
  public void rename(StorageUri directory, StorageUri target) throws IOException {
    if (status(target).isPresent()) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (status(directory).isEmpty()) {
      throw new FileNotFoundException(
          "Cannot rename %s: there is no such directory".formatted(directory));
    }
    Path from = checkedPath(directory);
    Path to = checkedPath(target);
    boolean renamed;
    try {
      FileSystem files = fileSystem(from);
      files.mkdirs(to.getParent());
      renamed = files.rename(from, to);
    } catch (IOException e) {
      throw StorageErrors.failed("rename", directory, e);
    }
    if (!renamed) {
      throw new IOException(
          "Cannot rename %s to %s: the storage refused it".formatted(directory, target));
    }
  }

  private <T extends FileStatus> Stream<T> listed(StorageUri directory, Listing<T> listing)
      throws IOException {
    if (!isDirectory(directory)) {
      return Stream.empty();
    }
    Path root = checkedPath(directory);
    try {
      return stream(directory, listing.begin(fileSystem(root), root));
    } catch (IOException e) {
      throw StorageErrors.failed("list", directory, e);
    }
  }

  /** Begins to list a directory. */
  @FunctionalInterface
  private interface Listing<T> {
    RemoteIterator<T> begin(FileSystem files, Path directory) throws IOException;
  }

  /** What a listing of a directory found, if it is an object. */
  private static Optional<StoredObject> object(StorageUri directory, FileStatus status) {
    if (!status.isFile() || TemporaryName.matches(status.getPath().getName())) {
      return Optional.empty();
    }
    String prefix = withSlash(path(directory).toUri().getPath());
    String name = status.getPath().toUri().getPath().substring(prefix.length());
    return Optional.of(stored(directory.resolve(name), status));
  }

  private static Path checkedPath(StorageUri address) throws IOException {
    if (isObjectStore(address) && UNREACHABLE_KEY.matcher(address.path()).find()) {
      throw StorageErrors.noObjectName(address);
    }
    return path(address);
  }

  /**
   * Hadoop's form of an address. A {@link Path} is never percent-encoded; {@code s3} is read
   * through {@code s3a}.
   *
   * @throws DatasetException for an address that belongs to no file system of Hadoop
   */
  public static Path path(StorageUri uri) {
    return switch (uri.scheme()) {
      case S3, S3A -> new Path("s3a", uri.authority(), uri.path());
      case OBS -> new Path("obs", uri.authority(), uri.path());
      case HDFS -> new Path("hdfs", uri.authority(), uri.path());
      case FILE -> new Path("file", "", uri.path());
      case HTTPS, CONTENT -> throw StorageErrors.notOnFileSystem(uri);
    };
  }

  private Optional<FileStatus> status(StorageUri address) throws IOException {
    Path path = checkedPath(address);
    try {
      return Optional.of(fileSystem(path).getFileStatus(path));
    } catch (FileNotFoundException | ParentNotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StorageErrors.failed("look up", address, e);
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
            } catch (IllegalArgumentException e) {
              // HDFS says so of a host that nobody knows.
              throw new UncheckedIOException(new IOException(e));
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
              throw new UncheckedIOException(StorageErrors.failed("list", directory, e));
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
              throw new UncheckedIOException(StorageErrors.failed("list", directory, e));
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
    private final StorageUri object;
    private final FileSystem files;
    private final Path target;
    private final FSDataOutputStream upload;
    private boolean visible;

    PendingUpload(StorageUri object, FileSystem files, Path target, FSDataOutputStream upload) {
      super(upload);
      this.object = object;
      this.files = files;
      this.target = target;
      this.upload = upload;
    }

    @Override
    protected void finish(OutputStream stream) throws IOException {
      try {
        stream.close();
      } catch (IOException e) {
        throw StorageErrors.failed("write", object, e);
      }
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
