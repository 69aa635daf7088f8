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

/**
 * The code of a job in a directory of this machine: its files with their paths below it. Links are
 * followed; {@code .git} and {@code __pycache__} do not belong to it.
 *
 * @param files relative to {@code root}, in no particular order
 */
public record CodeDirectory(Path root, List<Path> files, long sizeBytes) {
  public CodeDirectory {
    files = List.copyOf(files);
  }

  /**
   * What keeps a directory from being a job's code, its boot file included. Looks no further than
   * the limits.
   */
  public static CodeSurvey survey(Path root, Optional<String> bootFile) throws IOException {
    CodeLocation code = CodeLocation.of(root);
    if (!Files.isDirectory(root)) {
      return CodeSurvey.ofNoDirectory(
          code, Files.exists(root) ? "is no directory" : "does not exist");
    }
    List<String> problems = new ArrayList<>();
    long bytes = 0;
    try {
      CodeCensus census = take(root);
      census.excess().ifPresent(excess -> problems.add(CodeSurvey.tooMuch(code, excess)));
      bytes = census.excess().isPresent() ? 0 : census.bytes();
    } catch (FileSystemLoopException e) {
      problems.add(
          "Code-dir %s contains itself through the link %s. Remove the link."
              .formatted(root, e.getFile()));
    }
    bootFile
        .filter(file -> !Files.isRegularFile(root.resolve(file)))
        .ifPresent(file -> problems.add(CodeSurvey.noBootFile(code, file)));
    return new CodeSurvey(problems, bytes);
  }

  /** Lists the code; to be used on a directory without a problem. */
  public static CodeDirectory read(Path root) throws IOException {
    CodeCensus census = take(root);
    if (census.excess().isPresent()) {
      throw new IOException("Code-dir " + root + " " + census.excess().get());
    }
    return new CodeDirectory(root, census.files(), census.bytes());
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

  private static CodeCensus take(Path root) throws IOException {
    CodeCensus census = new CodeCensus();
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            if (directory.equals(root)) {
              return FileVisitResult.CONTINUE;
            }
            return CodeCensus.isLeftOut(directory)
                ? FileVisitResult.SKIP_SUBTREE
                : result(census.enter(root.relativize(directory)));
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return result(
                !attributes.isRegularFile()
                    || census.add(root.relativize(file), attributes.size()));
          }
        });
    return census;
  }

  private static FileVisitResult result(boolean goesOn) {
    return goesOn ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
  }
}
