package io.millrace.training.gang;

import io.millrace.training.watch.RotatingLogFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
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

  private final RotatingLogFile processLog;
  private final RotatingLogFile workerLog;
  private final byte[] prefix;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Deque<String> lastLines = new ArrayDeque<>();
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
    byte[] buffer = new byte[1 << 14];
    for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
      processLog.write(buffer, 0, n);
      for (int i = 0; i < n; i++) {
        accept(buffer[i]);
      }
    }
    if (line.size() > 0) {
      endLine();
    }
  }

  synchronized List<String> lastLines() {
    return List.copyOf(lastLines);
  }

  /** A carriage return ends a line too, so that the updates of a progress bar are seen in time. */
  private void accept(byte next) throws IOException {
    boolean secondOfPair = next == '\n' && previous == '\r';
    previous = next;
    if (secondOfPair) {
      return;
    }
    if (next == '\n' || next == '\r') {
      endLine();
      return;
    }
    line.write(next);
    if (line.size() == MAX_LINE) {
      endLine();
    }
  }

  private void endLine() throws IOException {
    byte[] text = line.toByteArray();
    line.reset();
    byte[] whole = new byte[prefix.length + text.length + 1];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(text, 0, whole, prefix.length, text.length);
    whole[whole.length - 1] = '\n';
    workerLog.write(whole, 0, whole.length);
    synchronized (this) {
      if (lastLines.size() == LAST_LINES) {
        lastLines.removeFirst();
      }
      lastLines.addLast(new String(text, 0, Math.min(text.length, 500), StandardCharsets.UTF_8));
    }
  }
}
