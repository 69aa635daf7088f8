package io.millrace.training.watch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Reads a log line by line while it is written, from its oldest part on. A part is recognised by
 * its file key, since a rotation gives it another name.
 */
final class LogReader {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Path file;

  LogReader(Path file) {
    this.file = file;
  }

  private record Part(Path path, Object key) {}

  /**
   * Hands over all lines kept so far and, until the writer is done, each further one. Lines that
   * are dropped by rotations before they could be read are left out.
   *
   * @param writerIsDone asked before the log is looked at for the last time
   * @param caughtUp called once, as soon as there is nothing left to read at first
   */
  void read(Consumer<String> lines, BooleanSupplier writerIsDone, Runnable caughtUp)
      throws IOException, InterruptedException {
    Once upToDate = new Once(caughtUp);
    Lines pending = new Lines(lines);
    Object readLast = new Object();
    while (true) {
      boolean last = writerIsDone.getAsBoolean();
      Optional<Part> next = partAfter(readLast);
      if (next.isPresent()) {
        if (readPart(next.get(), pending, writerIsDone, upToDate)) {
          readLast = next.get().key();
        }
      } else if (last) {
        pending.flush();
        upToDate.run();
        return;
      } else {
        upToDate.run();
        Thread.sleep(POLL.toMillis());
      }
    }
  }

  /**
   * Reads a part until a newer one exists or the writer is done.
   *
   * @return false if a rotation has just given its name to another part
   */
  private boolean readPart(Part part, Lines lines, BooleanSupplier writerIsDone, Once upToDate)
      throws IOException, InterruptedException {
    try (FileChannel channel = FileChannel.open(part.path())) {
      if (!part.key().equals(keyOf(part.path()))) {
        return false;
      }
      while (true) {
        boolean last = writerIsDone.getAsBoolean() || partAfter(part.key()).isPresent();
        drain(channel, lines);
        if (last) {
          return true;
        }
        upToDate.run();
        Thread.sleep(POLL.toMillis());
      }
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The part that follows that one; the oldest if that one is not there. */
  private Optional<Part> partAfter(Object key) throws IOException {
    List<Part> parts = parts();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).key().equals(key)) {
        return i + 1 < parts.size() ? Optional.of(parts.get(i + 1)) : Optional.empty();
      }
    }
    return parts.stream().findFirst();
  }

  /** The oldest first. */
  private List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    List<Path> files = RotatingLogFile.filesOf(file);
    // From the newest on: a rotation meanwhile shows a part twice rather than none at all.
    for (int i = files.size() - 1; i >= 0; i--) {
      parts.add(0, new Part(files.get(i), keyOf(files.get(i))));
    }
    return parts;
  }

  private static Object keyOf(Path path) throws IOException {
    try {
      Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return key == null ? path : key;
    } catch (NoSuchFileException e) {
      return new Object();
    }
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

  /** Runs something the first time it is asked to. */
  private static final class Once {
    private final Runnable what;
    private boolean done;

    Once(Runnable what) {
      this.what = what;
    }

    void run() {
      if (!done) {
        done = true;
        what.run();
      }
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
