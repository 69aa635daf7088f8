package io.millrace.training.gang;

import io.millrace.training.OutputPreparation;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps the location of one output up to date with what the nodes write into their own directories.
 *
 * <ul>
 *   <li>A file is copied when its size or time has changed, under another name first, so that
 *       readers of the location see the old file or the whole new one.
 *   <li>While processes run, a file must have stayed the same for one period: what is just being
 *       written is left for later. Names that end in {@code .tmp} are never copied.
 *   <li>If several nodes write a file of the same name, that of the lowest node wins.
 *   <li>Nothing is ever removed from the location.
 * </ul>
 */
final class OutputMirror {
  private static final String PART = ".millrace-part";

  /** When a look at the outputs takes place. */
  enum Pass {
    /** While processes run. */
    PERIODIC,
    /** After all of them have ended. */
    FINAL
  }

  /**
   * What one look at the outputs did.
   *
   * @param conflicts a sentence for each file that several nodes write, told once
   * @param failures a sentence for each file that could not be copied; tried again at the next look
   */
  record Report(int files, long bytes, List<String> conflicts, List<String> failures) {}

  /** What tells one content of a file from the next. */
  private record Fingerprint(long size, FileTime modified, Optional<Object> key) {
    static Fingerprint of(BasicFileAttributes attributes) {
      return new Fingerprint(
          attributes.size(),
          attributes.lastModifiedTime(),
          Optional.ofNullable(attributes.fileKey()));
    }
  }

  /** A node's directory, and what was in it at the last look. */
  private static final class NodeSide {
    private final Path directory;
    private Map<String, Fingerprint> done = new HashMap<>();
    private Map<String, Fingerprint> seen = new HashMap<>();

    NodeSide(Path directory) {
      this.directory = directory;
    }
  }

  private final Path location;
  private final OutputPreparation preparation;
  private final List<NodeSide> nodes;
  private final Map<String, Integer> owners = new HashMap<>();
  private final Map<String, String> conflicts = new HashMap<>();

  /**
   * @param nodeDirectories in order of the nodes
   */
  OutputMirror(Path location, OutputPreparation preparation, List<Path> nodeDirectories) {
    this.location = location;
    this.preparation = preparation;
    this.nodes = nodeDirectories.stream().map(NodeSide::new).toList();
  }

  /**
   * Makes a node's directory anew. It holds what the location does if the output is to be
   * downloaded, and in any case what this run itself has copied there before: a restarted run finds
   * its last outputs on every node.
   *
   * @return how many files were copied into it
   */
  synchronized int prepare(int node) throws IOException {
    NodeSide side = nodes.get(node);
    Files.createDirectories(location);
    Files.createDirectories(side.directory);
    int copied = 0;
    for (String name : scan(location).keySet()) {
      if (preparation == OutputPreparation.DOWNLOADED || owners.containsKey(name)) {
        Path copy = side.directory.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.copy(location.resolve(name), copy, StandardCopyOption.COPY_ATTRIBUTES);
        copied++;
      }
    }
    side.done = scan(side.directory);
    side.seen = side.done;
    return copied;
  }

  /** Copies what has changed. */
  synchronized Report sync(Pass pass) throws IOException {
    int files = 0;
    long bytes = 0;
    List<String> newConflicts = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      NodeSide side = nodes.get(node);
      Map<String, Fingerprint> now = scan(side.directory);
      for (Map.Entry<String, Fingerprint> file : now.entrySet()) {
        String name = file.getKey();
        Fingerprint print = file.getValue();
        boolean settled = pass == Pass.FINAL || print.equals(side.seen.get(name));
        if (print.equals(side.done.get(name)) || !settled) {
          continue;
        }
        int owner = owners.getOrDefault(name, node);
        if (owner != node && conflicts.putIfAbsent(name, "") == null) {
          newConflicts.add(
              "%s is written by worker-%d and worker-%d; that of worker-%d is kept"
                  .formatted(
                      name, Math.min(owner, node), Math.max(owner, node), Math.min(owner, node)));
        }
        if (owner < node) {
          side.done.put(name, print);
          continue;
        }
        try {
          if (copy(side.directory.resolve(name), print, location.resolve(name))) {
            side.done.put(name, print);
            owners.put(name, node);
            files++;
            bytes += print.size();
          }
        } catch (IOException e) {
          failures.add(
              "Cannot copy %s of worker-%d to %s: %s".formatted(name, node, location, reason(e)));
        }
      }
      side.seen = now;
    }
    return new Report(files, bytes, newConflicts, failures);
  }

  /** False if the file changed while it was copied, or has gone. */
  private static boolean copy(Path source, Fingerprint print, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Path part = target.resolveSibling("." + target.getFileName() + PART);
    try {
      Files.copy(
          source, part, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      BasicFileAttributes after = Files.readAttributes(source, BasicFileAttributes.class);
      if (!Fingerprint.of(after).equals(print)) {
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

  private static String reason(IOException e) {
    return e.getMessage() == null
        ? e.toString()
        : e.getClass().getSimpleName() + " " + e.getMessage();
  }

  /** Files by their path below the directory; links to files are followed, to directories not. */
  private static Map<String, Fingerprint> scan(Path directory) throws IOException {
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
            if (attributes.isRegularFile() && !name.endsWith(".tmp") && !name.endsWith(PART)) {
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
