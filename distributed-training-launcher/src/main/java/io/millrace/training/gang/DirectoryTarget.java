package io.millrace.training.gang;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/** A directory of this machine. A file is copied under another name first. */
record DirectoryTarget(Path directory) implements MirrorTarget {

  @Override
  public void make() throws IOException {
    Files.createDirectories(directory);
  }

  @Override
  public Map<String, Long> files() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    MirroredFiles.below(directory).forEach((name, print) -> sizes.put(name, print.size()));
    return sizes;
  }

  @Override
  public boolean fetch(String name, Path copy) throws IOException {
    Path source = directory.resolve(name);
    if (!Files.isRegularFile(source)) {
      return false;
    }
    Files.copy(source, copy, StandardCopyOption.COPY_ATTRIBUTES);
    return true;
  }

  @Override
  public boolean put(Path source, Fingerprint print, Change change, String name)
      throws IOException {
    Path target = directory.resolve(name);
    Files.createDirectories(target.getParent());
    Path part = target.resolveSibling("." + target.getFileName() + MirroredFiles.PART);
    try {
      Files.copy(
          source, part, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      if (change == Change.REPLACED && !Fingerprint.of(source).equals(print)) {
        return false;
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (NoSuchFileException e) {
      if (Files.exists(source)) {
        throw e;
      }
      return false;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
