package io.millrace.dataset.storage;

import io.millrace.dataset.StorageUri;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Objects as files of this machine. An object is written under a temporary name beside its own and
 * renamed when it is whole; such unfinished files are in no listing.
 */
public final class LocalObjectStore implements ObjectStore {

  @Override
  public InputStream open(StorageUri object) throws IOException {
    Path file = object.requireLocalPath();
    if (Files.isDirectory(file)) {
      throw new FileNotFoundException("Cannot read %s: it is a directory".formatted(object));
    }
    try {
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      FileNotFoundException missing =
          new FileNotFoundException("Cannot read %s: there is no such file".formatted(object));
      missing.initCause(e);
      throw missing;
    } catch (IOException e) {
      throw new IOException("Cannot read %s: %s".formatted(object, e), e);
    }
  }

  @Override
  public PendingObject create(StorageUri object) throws IOException {
    Path file = object.requireLocalPath();
    if (Files.isDirectory(file)) {
      throw new IOException("Cannot write %s: it is a directory".formatted(object));
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return new PendingFile(file, file.resolveSibling(TemporaryName.fresh()));
    } catch (IOException e) {
      throw new IOException("Cannot write %s: %s".formatted(object, e), e);
    }
  }

  @Override
  public Optional<StoredObject> find(StorageUri object) throws IOException {
    return attributes(object.requireLocalPath())
        .filter(attributes -> !attributes.isDirectory())
        .map(attributes -> stored(object, attributes));
  }

  @Override
  public boolean isDirectory(StorageUri address) {
    return Files.isDirectory(address.requireLocalPath());
  }

  @Override
  @SuppressWarnings("StreamResourceLeak") // the caller closes it, says the interface
  public Stream<StoredObject> list(StorageUri directory) throws IOException {
    Path path = directory.requireLocalPath();
    if (!Files.isDirectory(path)) {
      return Stream.empty();
    }
    Path root = path.toRealPath();
    return objects(directory, root, opened(directory, () -> Files.walk(root)));
  }

  @Override
  @SuppressWarnings("StreamResourceLeak") // the caller closes it, says the interface
  public Stream<StoredObject> listFiles(StorageUri directory) throws IOException {
    Path path = directory.requireLocalPath();
    return Files.isDirectory(path)
        ? objects(directory, path, opened(directory, () -> Files.list(path)))
        : Stream.empty();
  }

  @Override
  @SuppressWarnings("StreamResourceLeak") // the caller closes it, says the interface
  public Stream<StorageUri> listDirectories(StorageUri directory) throws IOException {
    Path path = directory.requireLocalPath();
    return Files.isDirectory(path)
        ? opened(directory, () -> Files.list(path))
            .filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
            .map(child -> directory.resolve(child.getFileName().toString()))
        : Stream.empty();
  }

  @Override
  public void delete(StorageUri address) throws IOException {
    Path path = address.requireLocalPath();
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(path, new Removal());
    } else {
      Files.deleteIfExists(path);
    }
  }

  @Override
  public void rename(StorageUri directory, StorageUri target) throws IOException {
    Path from = directory.requireLocalPath();
    Path to = target.requireLocalPath();
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    Files.createDirectories(to.toAbsolutePath().getParent());
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (DirectoryNotEmptyException e) {
      FileAlreadyExistsException exists = new FileAlreadyExistsException(to.toString());
      exists.initCause(e);
      throw exists;
    }
  }

  private static Stream<StoredObject> objects(StorageUri directory, Path root, Stream<Path> files) {
    return files
        .filter(file -> !TemporaryName.matches(String.valueOf(file.getFileName())))
        .flatMap(file -> storedBelow(directory, root, file).stream());
  }

  /** A listing whose failures, at its start and within it, name the directory. */
  private static Stream<Path> opened(StorageUri directory, Listing listing) throws IOException {
    Stream<Path> files;
    try {
      files = listing.open();
    } catch (IOException e) {
      throw new IOException("Cannot list %s: %s".formatted(directory, e), e);
    }
    Iterator<Path> paths = files.iterator();
    Iterator<Path> explained =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            try {
              return paths.hasNext();
            } catch (UncheckedIOException e) {
              throw new UncheckedIOException(
                  "Cannot list %s: %s".formatted(directory, e.getCause()), e.getCause());
            }
          }

          @Override
          public Path next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return paths.next();
          }
        };
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(explained, Spliterator.NONNULL), false)
        .onClose(files::close);
  }

  /** Begins to list files. */
  @FunctionalInterface
  private interface Listing {
    Stream<Path> open() throws IOException;
  }

  private static Optional<StoredObject> storedBelow(StorageUri directory, Path root, Path file) {
    try {
      return Files.isDirectory(file)
          ? Optional.empty()
          : attributes(file)
              .map(
                  attributes ->
                      stored(directory.resolve(root.relativize(file).toString()), attributes));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list %s: %s".formatted(directory, e), e);
    }
  }

  /** Empty for a file that is not there, or no longer, and for a link that leads nowhere. */
  private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static StoredObject stored(StorageUri uri, BasicFileAttributes attributes) {
    return new StoredObject(uri, attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  /** A file under its temporary name. */
  private static final class PendingFile extends PendingObject {
    private final Path target;
    private final Path temporary;

    PendingFile(Path target, Path temporary) throws IOException {
      super(
          new BufferedOutputStream(
              Files.newOutputStream(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              1 << 16));
      this.target = target;
      this.temporary = temporary;
    }

    @Override
    protected void publish() throws IOException {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    protected void forget() throws IOException {
      Files.deleteIfExists(temporary);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
