package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.ingestion.probe.TextScan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads a file of text line by line, however long it is: line ends LF or CR LF, with or without a
 * byte order mark, with or without an end of the last line. A line that is too long, that its
 * charset cannot decode or that holds a zero byte comes out as {@link TextLine.Broken}; no line is
 * held beyond the limit.
 *
 * <p>Not safe for use by several threads.
 */
final class TextLines implements Iterator<TextLine>, AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream bytes;
  private final Charset charset;
  private final long lineBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int end;

  private byte[] line = new byte[1 << 10];
  private int kept;
  private long length;
  private long number;
  private boolean isRead;

  /**
   * @param bytes of the file; closed with this reader
   * @param lineBytes how many bytes a line may have
   */
  TextLines(InputStream bytes, Charset charset, long lineBytes) {
    this.bytes = requireNonNull(bytes, "bytes is null");
    this.charset = requireNonNull(charset, "charset is null");
    this.lineBytes = lineBytes;
  }

  /** Opens a file in the charset that a look at it tells. */
  static TextLines open(StorageUri file, Stores stores, long lineBytes) throws IOException {
    try (InputStream bytes = stores.of(file).open(file)) {
      return open(file, TextScan.charset(bytes), stores, lineBytes);
    }
  }

  static TextLines open(StorageUri file, Charset charset, Stores stores, long lineBytes)
      throws IOException {
    return new TextLines(stores.of(file).open(file), charset, lineBytes);
  }

  /**
   * @throws UncheckedIOException if the storage fails
   */
  @Override
  public boolean hasNext() {
    try {
      isRead = isRead || readLine();
      return isRead;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the text after line %s: %s".formatted(number, e.getMessage()), e);
    }
  }

  @Override
  public TextLine next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    isRead = false;
    return decoded();
  }

  /** The lines that are left; closing the stream closes this reader. */
  Stream<TextLine> stream() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(this::close);
  }

  @Override
  public void close() {
    try {
      bytes.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads up to the next line feed; false at the end. */
  private boolean readLine() throws IOException {
    kept = 0;
    length = 0;
    boolean began = false;
    boolean whole = false;
    while (!whole && fill()) {
      began = true;
      int stop = position;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      keep(stop - position);
      whole = stop < end;
      position = whole ? stop + 1 : stop;
    }
    number += began ? 1 : 0;
    return began;
  }

  private boolean fill() throws IOException {
    if (position < end) {
      return true;
    }
    position = 0;
    end = Math.max(0, bytes.read(buffer));
    return end > 0;
  }

  private void keep(int count) {
    // One byte more than the limit may be the carriage return of a line of just the limit.
    int more = (int) Math.min(count, lineBytes + 1 - kept);
    if (kept + more > line.length) {
      line = Arrays.copyOf(line, Math.max(kept + more, line.length * 2));
    }
    System.arraycopy(buffer, position, line, kept, more);
    kept += more;
    length += count;
  }

  private TextLine decoded() {
    boolean endsWithReturn = length == kept && kept > 0 && line[kept - 1] == '\r';
    long textBytes = endsWithReturn ? length - 1 : length;
    if (textBytes > lineBytes) {
      return new TextLine.Broken(
          number,
          "The line has %s bytes, the limit (limits.lineBytes) is %s."
              .formatted(textBytes, lineBytes));
    }
    try {
      String text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(line, 0, (int) textBytes))
              .toString();
      if (text.indexOf('\0') >= 0) {
        return new TextLine.Broken(
            number,
            "The line holds a zero byte, as text in UTF-8 or GBK does not; convert the file from UTF-16.");
      }
      return new TextLine.Read(
          number, number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      return new TextLine.Broken(
          number,
          "The bytes of the line are no %s, as the file otherwise is."
              .formatted(charset.equals(TextScan.GBK) ? "GBK" : charset.name()));
    }
  }
}
