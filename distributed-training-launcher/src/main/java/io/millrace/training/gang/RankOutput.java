package io.millrace.training.gang;

import io.millrace.training.watch.RotatingLogFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Carries the output of one process into its own log, byte for byte, and line by line into the log
 * of its node, which several processes share. Keeps the last lines.
 */
final class RankOutput {
  /** How many lines a failure message may quote. */
  static final int LAST_LINES = 20;

  /** A longer line is cut into pieces of this many bytes in the node's log. */
  private static final int MAX_LINE = 1 << 16;

  /** Bytes of a line that a failure message quotes. */
  private static final int MAX_QUOTED = 500;

  private final RotatingLogFile processLog;
  private final RotatingLogFile workerLog;
  private final byte[] prefix;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final Deque<byte[]> lastLines = new ArrayDeque<>();
  private byte previous;

  /**
   * @param prefix put before each line in the node's log; empty text where the node has one process
   */
  RankOutput(RotatingLogFile processLog, RotatingLogFile workerLog, String prefix) {
    this.processLog = processLog;
    this.workerLog = workerLog;
    this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
  }

  /** Reads until the process and all that it started have closed their output. */
  void drain(InputStream output) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
      processLog.write(buffer, 0, n);
      split(buffer, n);
      writeLines();
    }
    if (line.size() > 0) {
      endLine();
      writeLines();
    }
  }

  synchronized List<String> lastLines() {
    return lastLines.stream().map(text -> new String(text, StandardCharsets.UTF_8)).toList();
  }

  /** A carriage return ends a line too, so that the updates of a progress bar are seen in time. */
  private void split(byte[] buffer, int length) throws IOException {
    int start = 0;
    byte last = previous;
    for (int i = 0; i < length; i++) {
      byte next = buffer[i];
      if (next == '\n' && last == '\r') {
        start = i + 1;
      } else if (next == '\n' || next == '\r') {
        append(buffer, start, i);
        endLine();
        start = i + 1;
      }
      last = next;
    }
    append(buffer, start, length);
    previous = last;
  }

  private void append(byte[] buffer, int from, int to) throws IOException {
    int start = from;
    while (line.size() + to - start >= MAX_LINE) {
      int piece = MAX_LINE - line.size();
      line.write(buffer, start, piece);
      endLine();
      start += piece;
    }
    line.write(buffer, start, to - start);
  }

  private void endLine() throws IOException {
    byte[] text = line.toByteArray();
    line.reset();
    if (lines.size() + prefix.length + text.length + 1 > workerLog.limits().maxBytes()) {
      writeLines();
    }
    lines.writeBytes(prefix);
    lines.writeBytes(text);
    lines.write('\n');
    synchronized (this) {
      if (lastLines.size() == LAST_LINES) {
        lastLines.removeFirst();
      }
      lastLines.addLast(text.length > MAX_QUOTED ? Arrays.copyOf(text, MAX_QUOTED) : text);
    }
  }

  /** Whole lines only, so that those of several processes do not mix, and all at hand at once. */
  private void writeLines() throws IOException {
    if (lines.size() > 0) {
      workerLog.write(lines.toByteArray(), 0, lines.size());
      lines.reset();
    }
  }
}
