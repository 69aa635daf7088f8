package io.millrace.training.gang;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

/** The files of a directory that a mirror heeds. */
final class MirroredFiles {
  /** Ends the name of a file that is just being copied. */
  static final String PART = ".millrace-part";

  private MirroredFiles() {}

  static boolean isMirrored(String name) {
    return !name.endsWith(".tmp") && !name.endsWith(PART);
  }

  /** Files by their path below the directory; links to files are followed, to directories not. */
  static Map<String, Fingerprint> below(Path directory) throws IOException {
    Map<String, Fingerprint> files = new TreeMap<>();
    if (!Files.isDirectory(directory)) {
      return files;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes found)
              throws IOException {
            BasicFileAttributes attributes = found;
            if (found.isSymbolicLink()) {
              if (!Files.isRegularFile(file)) {
                return FileVisitResult.CONTINUE;
              }
              attributes = Files.readAttributes(file, BasicFileAttributes.class);
            }
            String name = directory.relativize(file).toString();
            if (attributes.isRegularFile() && isMirrored(name)) {
              files.put(name, Fingerprint.of(attributes));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    return files;
  }
}
