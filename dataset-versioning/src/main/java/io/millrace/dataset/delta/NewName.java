package io.millrace.dataset.delta;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a local file a name that no other file has, whatever other processes do. */
final class NewName {
  private static final Logger log = LoggerFactory.getLogger(NewName.class);
  private static final String LOCK = ".millrace-commit.lock";

  private NewName() {}

  /**
   * Gives the file its name, by a hard link; where the file system has none, such as FAT, under a
   * lock that Millrace's processes on this machine share. The old name may stay.
   *
   * @throws FileAlreadyExistsException if the name is taken, by whatever file
   */
  static void give(Path file, Path name) throws IOException {
    try {
      Files.createLink(name, file);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      if (canLink(file)) {
        throw e;
      }
      giveUnderLock(file, name);
    }
  }

  /** Whether a link can be made beside the file, under a name that nobody has. */
  private static boolean canLink(Path file) throws IOException {
    Path link = file.resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      Files.createLink(link, file);
      Files.delete(link);
      return true;
    } catch (UnsupportedOperationException | FileSystemException e) {
      log.debug("No hard link can be made beside {}", file, e);
      return false;
    }
  }

  /** Within a process the threads take turns: a lock belongs to a process. */
  static synchronized void giveUnderLock(Path file, Path name) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                name.resolveSibling(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      log.trace("Holding {}", lock);
      if (Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(name.toString());
      }
      Files.move(file, name, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
