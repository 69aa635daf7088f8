package io.millrace.training;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The code of a job: its files with their paths below the code directory. Links are followed;
 * {@code .git} and {@code __pycache__} do not belong to it.
 *
 * @param files relative to {@code root}, in no particular order
 */
public record CodeDirectory(Path root, List<Path> files, long sizeBytes) {
  /** ModelArts' limits of a code directory. */
  static final int MAX_FILES = 1000;

  static final long MAX_BYTES = 5L << 30;
  static final int MAX_DEPTH = 32;

  private static final Set<String> LEFT_OUT = Set.of(".git", "__pycache__");

  public CodeDirectory {
    files = List.copyOf(files);
  }

  /**
   * What keeps the directory from being a job's code; empty if nothing does. Looks no further than
   * the limits.
   */
  public static Optional<String> problemOf(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return Optional.of(
          "Code-dir %s %s. Give the directory that holds the boot file."
              .formatted(root, Files.exists(root) ? "is no directory" : "does not exist"));
    }
    Census census = new Census(root);
    try {
      census.take();
    } catch (FileSystemLoopException e) {
      return Optional.of(
          "Code-dir %s contains itself through the link %s. Remove the link."
              .formatted(root, e.getFile()));
    }
    return Optional.ofNullable(census.excess)
        .map(
            excess ->
                "Code-dir %s %s. Keep data and results elsewhere, only code in it."
                    .formatted(root, excess));
  }

  /** What keeps a job's code from being used, its boot file included; a sentence each. */
  public static List<String> problemsOf(TrainingJob job) throws IOException {
    if (job.codeDirectory().isEmpty()) {
      return List.of();
    }
    Path code = job.codeDirectory().get();
    List<String> problems = new ArrayList<>();
    problemOf(code).ifPresent(problems::add);
    bootFileProblem(job).ifPresent(problems::add);
    return List.copyOf(problems);
  }

  /** Why the code directory, if there is one, does not hold the job's boot file. */
  public static Optional<String> bootFileProblem(TrainingJob job) {
    return job.algorithm() instanceof Algorithm.BootFile boot
            && Files.isDirectory(boot.directory())
            && !Files.isRegularFile(boot.directory().resolve(boot.file()))
        ? Optional.of(
            "Boot-file %s does not exist in code-dir %s. Give the path of the script below code-dir."
                .formatted(boot.file(), boot.directory()))
        : Optional.empty();
  }

  /** Lists the code; to be used on a directory without a problem. */
  public static CodeDirectory read(Path root) throws IOException {
    Census census = new Census(root);
    census.take();
    if (census.excess != null) {
      throw new IOException("Code-dir " + root + " " + census.excess);
    }
    return new CodeDirectory(root, census.files, census.bytes);
  }

  /** Copies the code; the target must not exist yet. */
  public void copyTo(Path target) throws IOException {
    Files.createDirectories(target);
    for (Path file : files) {
      Path copy = target.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(root.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /** Counts while it walks and stops at the first limit exceeded. */
  private static final class Census extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<Path> files = new ArrayList<>();
    private long bytes;
    private String excess;

    Census(Path root) {
      this.root = root;
    }

    void take() throws IOException {
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (!directory.equals(root) && LEFT_OUT.contains(directory.getFileName().toString())) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      int depth = directory.equals(root) ? 0 : root.relativize(directory).getNameCount();
      return stopAt(depth > MAX_DEPTH, "is more than " + MAX_DEPTH + " directories deep");
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!attributes.isRegularFile()) {
        return FileVisitResult.CONTINUE;
      }
      files.add(root.relativize(file));
      bytes += attributes.size();
      return files.size() > MAX_FILES
          ? stopAt(true, "holds more than " + MAX_FILES + " files")
          : stopAt(bytes > MAX_BYTES, "holds more than 5 GB");
    }

    private FileVisitResult stopAt(boolean exceeded, String what) {
      if (exceeded) {
        excess = what;
        return FileVisitResult.TERMINATE;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
