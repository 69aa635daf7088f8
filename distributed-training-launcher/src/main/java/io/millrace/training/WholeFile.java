package io.millrace.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file of text that readers see as it was or as it is, and never in part. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes it in place of what it held; one writer at a time.
   *
   * @throws IOException if its directory is missing or cannot be written
   */
  public static void replace(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, text);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
