package io.millrace.ingestion.table;

import java.io.FilterReader;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;

/** Hands out characters, but not without end while one and the same row is read. */
final class RowGuard extends FilterReader {
  private final PushbackReader source;
  private final long most;
  private long sinceRow;

  RowGuard(Reader source, long most) {
    super(new PushbackReader(source, 1));
    this.source = (PushbackReader) in;
    this.most = most;
  }

  void skipByteOrderMark() throws IOException {
    int first = source.read();
    if (first >= 0 && first != '\uFEFF') {
      source.unread(first);
    }
  }

  void beginRow() {
    sinceRow = 0;
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    if (sinceRow > most) {
      throw new TooLongException();
    }
    int read = super.read(buffer, offset, length);
    sinceRow += Math.max(0, read);
    return read;
  }

  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
