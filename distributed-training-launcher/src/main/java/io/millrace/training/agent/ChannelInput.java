package io.millrace.training.agent;

import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Bytes that come through a connection, read by another thread. The connection waits once so many
 * pieces lie unread, and its agent with it.
 */
final class ChannelInput extends InputStream {
  private static final int MAX_PIECES = 256;
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>(MAX_PIECES);
  private byte[] piece = new byte[0];
  private int position;
  private boolean ended;

  /** Adds a piece; to be called by the connection's thread. */
  void add(byte[] bytes) throws InterruptedException {
    if (bytes.length > 0) {
      pieces.put(bytes);
    }
  }

  /** No piece follows. */
  void end() throws InterruptedException {
    pieces.put(END);
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    while (position == piece.length) {
      if (ended) {
        return -1;
      }
      try {
        piece = pieces.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return -1;
      }
      position = 0;
      ended = piece == END;
    }
    int n = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, target, offset, n);
    position += n;
    return n;
  }

  @Override
  public int available() {
    return piece.length - position;
  }
}
