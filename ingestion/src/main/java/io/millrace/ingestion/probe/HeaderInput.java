package io.millrace.ingestion.probe;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A stream of header bytes that knows its position and reads numbers in either byte order; skipping
 * is left to the stream below, which on files and object stores is a seek. The end of the bytes is
 * an {@link EOFException}.
 */
final class HeaderInput {
  private static final int BUFFER_BYTES = 4096;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int next;
  private int filled;
  private long position;

  HeaderInput(InputStream in) {
    this.in = in;
  }

  /** Bytes from the start of the file to the next one to be read. */
  long position() {
    return position;
  }

  /** The next bytes, up to so many, without passing them; fewer where the file ends before. */
  byte[] peek(int count) throws IOException {
    fill();
    return Arrays.copyOfRange(buffer, next, Math.min(filled, next + count));
  }

  int readByte() throws IOException {
    fill();
    if (next == filled) {
      throw new EOFException();
    }
    position++;
    return buffer[next++] & 0xff;
  }

  byte[] readBytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) readByte();
    }
    return bytes;
  }

  /** Up to so many bytes; fewer where the file ends before. */
  byte[] readAtMost(int count) throws IOException {
    int buffered = Math.min(count, filled - next);
    byte[] rest = in.readNBytes(count - buffered);
    byte[] bytes = new byte[buffered + rest.length];
    System.arraycopy(buffer, next, bytes, 0, buffered);
    System.arraycopy(rest, 0, bytes, buffered, rest.length);
    next += buffered;
    position += bytes.length;
    return bytes;
  }

  void skip(long count) throws IOException {
    long buffered = Math.min(count, filled - next);
    next += (int) buffered;
    in.skipNBytes(count - buffered);
    position += count;
  }

  /** Reads ahead if nothing read ahead is left. */
  private void fill() throws IOException {
    if (next == filled) {
      filled = in.readNBytes(buffer, 0, BUFFER_BYTES);
      next = 0;
    }
  }

  int readBigEndianShort() throws IOException {
    return readByte() << 8 | readByte();
  }

  int readBigEndianInt() throws IOException {
    return readBigEndianShort() << 16 | readBigEndianShort();
  }

  int readLittleEndianShort() throws IOException {
    return readByte() | readByte() << 8;
  }

  int readLittleEndianInt() throws IOException {
    return readLittleEndianShort() | readLittleEndianShort() << 16;
  }
}
