package io.millrace.training.diagnosis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a text of any size, in little memory. A carriage return ends a line too, so that the
 * updates of a progress bar are told apart, but only a line feed counts.
 */
final class LogLines {
  /** What follows in a longer line is left out. */
  static final int MAX_LENGTH = 2000;

  private LogLines() {}

  /** Takes one line after the other. */
  interface Sink {
    void accept(long number, String line);
  }

  static void read(InputStream text, Sink sink) throws IOException {
    Reader reader = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
    StringBuilder line = new StringBuilder();
    long number = 1;
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      if (c == '\n' || c == '\r') {
        emit(number, line, sink);
        number += c == '\n' ? 1 : 0;
      } else if (line.length() < MAX_LENGTH) {
        line.append((char) c);
      }
    }
    emit(number, line, sink);
  }

  private static void emit(long number, StringBuilder line, Sink sink) {
    if (!line.isEmpty()) {
      sink.accept(number, line.toString());
      line.setLength(0);
    }
  }
}
