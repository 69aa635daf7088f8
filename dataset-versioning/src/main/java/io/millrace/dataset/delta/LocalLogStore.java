package io.millrace.dataset.delta;

import io.delta.storage.HDFSLogStore;
import io.millrace.dataset.StorageUri;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How Delta commits to a directory of this machine: the file is written under another name and gets
 * its own by a step of the file system that fails where the name is taken ({@link NewName}).
 *
 * <p>Delta's own way looks first whether the name is taken and renames then; between the two
 * another process can commit, and its commit is overwritten.
 *
 * <p>A commit outlives the process that made it. Like the data that it names it is not forced to
 * the disk, so that a power failure can take the last seconds.
 */
public final class LocalLogStore extends HDFSLogStore {

  public LocalLogStore(Configuration configuration) {
    super(configuration);
  }

  /**
   * Writes a file of the log.
   *
   * @throws FileAlreadyExistsException if {@code overwrite} is false and the file is there
   * @throws io.millrace.dataset.DatasetException if a commit failed for another reason
   */
  @Override
  public void write(
      Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
      throws IOException {
    if (overwrite) {
      super.write(path, actions, true, configuration);
      return;
    }
    byte[] content = LogContent.of(actions);
    java.nio.file.Path target = java.nio.file.Path.of(path.toUri().getPath());
    try {
      create(target, content);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      if (LogContent.isCommit(path)) {
        throw DatasetErrors.unwritable(StorageUri.of(target.getParent()), e);
      }
      throw e;
    }
  }

  private static void create(java.nio.file.Path target, byte[] content) throws IOException {
    java.nio.file.Path unnamed =
        target.resolveSibling(".%s.%s.tmp".formatted(target.getFileName(), UUID.randomUUID()));
    try {
      Files.write(unnamed, content);
      NewName.give(unnamed, target);
    } finally {
      Files.deleteIfExists(unnamed);
    }
  }
}
