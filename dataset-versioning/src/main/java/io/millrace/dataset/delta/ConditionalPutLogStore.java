package io.millrace.dataset.delta;

import io.delta.storage.HadoopFileSystemLogStore;
import io.millrace.dataset.StorageUri;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How Delta commits to an object store that speaks S3: by a PUT with {@code If-None-Match: *},
 * which the store itself refuses where the object exists. So processes that know nothing of each
 * other can commit to one table, and of those that try the same commit one wins.
 *
 * <p>Before its first commit to a bucket, a process makes sure that the store heeds the condition
 * ({@link ConditionalWrites}).
 *
 * <p>Whatever way a PUT failed, the object is read back: a request may have reached the store
 * though no answer came, and be repeated by the client. The object with our content is our commit
 * (Delta writes a random transaction id into each), with another it is the commit of another
 * writer, and without one nothing was committed. An object store shows an object only when it is
 * whole.
 *
 * <p>Delta makes it by its name: {@code io.delta.kernel.logStore.<scheme>.impl} in Hadoop's
 * configuration, {@code spark.delta.logStore.<scheme>.impl} in Spark's.
 */
public final class ConditionalPutLogStore extends HadoopFileSystemLogStore {
  private static final Logger log = LoggerFactory.getLogger(ConditionalPutLogStore.class);
  private static final int MOST_ATTEMPTS = 5;

  public ConditionalPutLogStore(Configuration configuration) {
    super(configuration);
  }

  /**
   * Writes a file of the log.
   *
   * @throws FileAlreadyExistsException if {@code overwrite} is false and the file is there, written
   *     by somebody else
   * @throws io.millrace.dataset.DatasetException if a commit failed for another reason, and where
   *     the store does not heed conditions
   */
  @Override
  public void write(
      Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
      throws IOException {
    byte[] content = LogContent.of(actions);
    FileSystem files = path.getFileSystem(configuration);
    if (overwrite) {
      ConditionalPut.replace(files, path, content);
    } else if (SingleWriter.isPromised(files, path)) {
      SingleWriter.create(files, path, content);
    } else {
      ConditionalWrites.require(files, path.getParent());
      create(files, path, content);
    }
  }

  /** False: an object is visible when its upload has ended. */
  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
    return false;
  }

  private static void create(FileSystem files, Path path, byte[] content) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        ConditionalPut.create(files, path, content);
        return;
      } catch (IOException failure) {
        Optional<byte[]> found = readBack(files, path, failure);
        if (found.isPresent()) {
          requireOurs(path, content, found.get(), failure);
          return;
        }
        // Refused, and there is nothing: another upload is under way, or what was there is gone.
        if (!ConditionalPut.isRefusal(failure) || attempt == MOST_ATTEMPTS) {
          if (LogContent.isCommit(path)) {
            throw DatasetErrors.unwritable(address(path), failure);
          }
          throw failure;
        }
        Backoff.COMMITS.pause(attempt);
      }
    }
  }

  private static void requireOurs(Path path, byte[] ours, byte[] found, IOException failure)
      throws FileAlreadyExistsException {
    if (!Arrays.equals(ours, found)) {
      FileAlreadyExistsException lost = new FileAlreadyExistsException(path.toString());
      lost.initCause(failure);
      throw lost;
    }
    log.info("Wrote {}, though the storage said: {}", path, failure.getMessage());
  }

  /** What lies there after a failure to write it; empty if nothing does. */
  private static Optional<byte[]> readBack(FileSystem files, Path path, IOException failure) {
    try (FSDataInputStream in = files.open(path)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      log.debug("Nothing was written at {}", path, e);
      return Optional.empty();
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw DatasetErrors.unknownOutcome(address(path), failure);
    }
  }

  private static StorageUri address(Path path) {
    return StorageUri.parse(path.toString());
  }
}
