package io.millrace.training.watch;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A log that never grows beyond its limits. Every write ends up whole in one file; one that exceeds
 * the limit by itself has a file of its own. Safe for use by several threads.
 */
public final class RotatingLogFile implements Closeable {
  private final Path file;
  private final LogLimits limits;
  private OutputStream out;
  private long size;

  /** Goes on where an existing file ends. */
  public RotatingLogFile(Path file, LogLimits limits) throws IOException {
    this.file = file;
    this.limits = limits;
    open();
  }

  public LogLimits limits() {
    return limits;
  }

  /** The files of a log that exist, the oldest first. */
  public static List<Path> filesOf(Path file) {
    List<Path> files = new ArrayList<>();
    if (Files.exists(file)) {
      files.add(file);
    }
    for (int i = 1; Files.exists(older(file, i)); i++) {
      files.add(0, older(file, i));
    }
    return files;
  }

  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (size > 0 && size + length > limits.maxBytes()) {
      out.close();
      for (int i = limits.olderFiles() - 1; i >= 1; i--) {
        if (Files.exists(older(i))) {
          Files.move(older(i), older(i + 1), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Files.move(file, older(1), StandardCopyOption.REPLACE_EXISTING);
      open();
    }
    out.write(bytes, offset, length);
    size += length;
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }

  private void open() throws IOException {
    out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    size = Files.size(file);
  }

  private Path older(int number) {
    return older(file, number);
  }

  private static Path older(Path file, int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }
}
