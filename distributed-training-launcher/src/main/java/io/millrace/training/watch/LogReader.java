package io.millrace.training.watch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Reads a log line by line, rotated parts included, while it is written. */
final class LogReader {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Path file;

  LogReader(Path file) {
    this.file = file;
  }

  /**
   * Hands over all lines kept so far and, until the writer is done, each further one.
   *
   * @param writerIsDone asked before the file is looked at for the last time
   */
  void read(Consumer<String> lines, BooleanSupplier writerIsDone)
      throws IOException, InterruptedException {
    for (Path older : olderParts()) {
      try (FileChannel channel = FileChannel.open(older)) {
        Lines rest = new Lines(lines);
        drain(channel, rest);
        rest.flush();
      }
    }
    Lines pending = new Lines(lines);
    boolean last = false;
    while (!last) {
      while (!last && !Files.exists(file)) {
        last = writerIsDone.getAsBoolean();
        Thread.sleep(POLL.toMillis());
      }
      if (Files.exists(file)) {
        last = readPart(pending, writerIsDone);
      }
    }
    pending.flush();
  }

  /** Reads the current part until it is rotated away (false) or the writer is done (true). */
  private boolean readPart(Lines lines, BooleanSupplier writerIsDone)
      throws IOException, InterruptedException {
    Object key = keyOfCurrentPart();
    try (FileChannel channel = FileChannel.open(file)) {
      while (true) {
        boolean last = writerIsDone.getAsBoolean();
        drain(channel, lines);
        if (!keyOfCurrentPart().equals(key)) {
          drain(channel, lines);
          return false;
        }
        if (last) {
          return true;
        }
        Thread.sleep(POLL.toMillis());
      }
    }
  }

  /** What tells one part from the next of the same name; waits out the moment of a rotation. */
  private Object keyOfCurrentPart() throws IOException, InterruptedException {
    while (!Files.exists(file)) {
      Thread.sleep(1);
    }
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file : key;
  }

  private List<Path> olderParts() {
    List<Path> parts = new ArrayList<>();
    for (int i = 1; Files.exists(older(i)); i++) {
      parts.add(0, older(i));
    }
    return parts;
  }

  private Path older(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private static void drain(FileChannel channel, Lines lines) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (channel.read(buffer) > 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        lines.add(buffer.get());
      }
      buffer.clear();
    }
  }

  /** Bytes in, whole lines out. */
  private static final class Lines {
    private final Consumer<String> sink;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(Consumer<String> sink) {
      this.sink = sink;
    }

    void add(byte next) {
      if (next == '\n') {
        emit();
      } else {
        line.write(next);
      }
    }

    void flush() {
      if (line.size() > 0) {
        emit();
      }
    }

    private void emit() {
      sink.accept(line.toString(StandardCharsets.UTF_8));
      line.reset();
    }
  }
}
