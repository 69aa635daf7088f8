package io.millrace.dataset.storage;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An object that is being written and that no reader sees yet: {@link #close()} makes it visible,
 * {@link #discard()} forgets it.
 *
 * <p>A write that failed turns {@code close} into {@code discard}: half an object is never shown.
 * After either of the two, both do nothing.
 */
public abstract class PendingObject extends OutputStream {
  private enum State {
    OPEN,
    FAILED,
    ENDED
  }

  private final OutputStream bytes;
  private State state = State.OPEN;

  /**
   * @param bytes takes what is written; it is closed before {@link #publish} and {@link #forget}
   */
  protected PendingObject(OutputStream bytes) {
    this.bytes = bytes;
  }

  /** Makes the written bytes the object. */
  protected abstract void publish() throws IOException;

  /** Removes what was written. */
  protected abstract void forget() throws IOException;

  /** Ends the stream that took the bytes, before it is published. */
  protected void finish(OutputStream stream) throws IOException {
    stream.close();
  }

  /** Ends the stream that took the bytes, before it is forgotten. */
  protected void abandon(OutputStream stream) throws IOException {
    stream.close();
  }

  @Override
  public final void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public final void write(byte[] source, int offset, int length) throws IOException {
    checkOpen();
    try {
      bytes.write(source, offset, length);
    } catch (IOException e) {
      state = State.FAILED;
      throw e;
    }
  }

  @Override
  public final void flush() throws IOException {
    if (state == State.OPEN) {
      bytes.flush();
    }
  }

  /** Leaves the object as it was before, or absent. */
  public final void discard() throws IOException {
    if (state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    try {
      abandon(bytes);
    } finally {
      forget();
    }
  }

  @Override
  public final void close() throws IOException {
    if (state == State.FAILED) {
      discard();
    }
    if (state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    try {
      finish(bytes);
      publish();
    } catch (IOException e) {
      try {
        forget();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private void checkOpen() throws IOException {
    if (state != State.OPEN) {
      throw new IOException("Cannot write to an object that was closed, was discarded or failed");
    }
  }
}
