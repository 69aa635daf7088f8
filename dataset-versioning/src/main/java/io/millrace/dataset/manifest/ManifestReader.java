package io.millrace.dataset.manifest;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Limits;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/**
 * Reads a manifest line by line: UTF-8 with or without a byte order mark, line ends LF or CR LF,
 * plain or gzip (told by its first bytes), with or without an end of the last line. Blank lines are
 * counted and left out. Every other line comes out, once and in order, as {@link Accepted} or
 * {@link Rejected}; one that is longer than the limit is rejected without being held whole.
 *
 * <p>Not safe for use by several threads.
 */
public final class ManifestReader implements Iterator<ParsedLine>, AutoCloseable {
  private static final int KEPT_BYTES = 4 * Rejected.TEXT_CHARACTERS;
  private static final long LINE_FEEDS = ByteWords.of('\n');
  private static final char REPLACEMENT = '\uFFFD';
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream bytes;
  private final ManifestCodec codec;
  private final Limits limits;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int end;
  private long bytesRead;

  /** The line at hand: in the buffer where it is whole there, else put together here. */
  private byte[] collected = new byte[1 << 12];

  private boolean isInBuffer;
  private int lineStart;
  private long lineLength;
  private long lineNumber;
  private boolean isPending;

  /**
   * @param manifest its bytes; closed with this reader
   */
  public ManifestReader(InputStream manifest, ManifestCodec codec, Limits limits)
      throws IOException {
    this.codec = requireNonNull(codec, "codec is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.bytes = unzipped(manifest);
  }

  /** Opens a manifest on storage; addresses in it may be relative to it. */
  public static ManifestReader open(
      ObjectStore store, StorageUri manifest, Instant createdAt, Limits limits) throws IOException {
    InputStream bytes = store.open(manifest);
    try {
      return new ManifestReader(bytes, new ManifestCodec(manifest, createdAt), limits);
    } catch (IOException | RuntimeException e) {
      try (bytes) {
        throw e;
      }
    }
  }

  /**
   * @throws UncheckedIOException if the storage fails
   * @throws DatasetException if the manifest is larger than the limit
   */
  @Override
  public boolean hasNext() {
    try {
      while (!isPending && readLine()) {
        isPending = isTooLong() || !isBlank();
      }
      return isPending;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the manifest after line %s: %s".formatted(lineNumber, e), e);
    }
  }

  @Override
  public ParsedLine next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    isPending = false;
    return parse();
  }

  /** The lines that are left; closing the stream closes this reader. */
  public Stream<ParsedLine> lines() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(
            () -> {
              try {
                close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }

  private static InputStream unzipped(InputStream manifest) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(manifest);
    buffered.mark(2);
    boolean isGzip = buffered.read() == 0x1F && buffered.read() == 0x8B;
    buffered.reset();
    return isGzip ? new GZIPInputStream(buffered, 1 << 16) : buffered;
  }

  /** Reads up to the next line feed; keeps no more than the limit. False at the end. */
  private boolean readLine() throws IOException {
    lineLength = 0;
    if (!fill()) {
      return false;
    }
    int stop = lineEnd();
    isInBuffer = stop < end;
    if (isInBuffer) {
      lineStart = position;
      lineLength = (long) stop - position;
      position = stop + 1;
    } else {
      lineStart = 0;
      collectLine(stop);
    }
    lineNumber++;
    return true;
  }

  /** Puts a line together that goes on beyond the buffer. */
  private void collectLine(int firstStop) throws IOException {
    int stop = firstStop;
    keep(stop - position);
    while (stop == end) {
      position = stop;
      if (!fill()) {
        return;
      }
      stop = lineEnd();
      keep(stop - position);
    }
    position = stop + 1;
  }

  /** The next line feed in the buffer, or its end. */
  private int lineEnd() {
    int at = position;
    while (at + Long.BYTES <= end) {
      long found = ByteWords.equalTo(LINE_FEEDS, ByteWords.at(buffer, at));
      if (found != 0) {
        return at + ByteWords.first(found);
      }
      at += Long.BYTES;
    }
    while (at < end && buffer[at] != '\n') {
      at++;
    }
    return at;
  }

  private boolean fill() throws IOException {
    if (position < end) {
      return true;
    }
    position = 0;
    end = bytes.read(buffer);
    if (end <= 0) {
      end = 0;
      return false;
    }
    bytesRead += end;
    if (bytesRead > limits.manifestBytes()) {
      throw new DatasetException(
          "Cannot read the manifest: it is larger than limits.manifestBytes (%s bytes), in line %s. Raise the limit or split the file."
              .formatted(limits.manifestBytes(), lineNumber + 1));
    }
    if (lineNumber == 0 && lineLength == 0 && startsWithByteOrderMark()) {
      position = BYTE_ORDER_MARK.length;
    }
    return true;
  }

  private boolean startsWithByteOrderMark() throws IOException {
    while (end < BYTE_ORDER_MARK.length) {
      int more = bytes.read(buffer, end, buffer.length - end);
      if (more <= 0) {
        return false;
      }
      end += more;
      bytesRead += more;
    }
    return Arrays.equals(
        buffer, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }

  private void keep(int count) {
    // One byte more than the limit may be the carriage return of a line of just the limit.
    long room = limits.lineBytes() + 1 - Math.min(lineLength, limits.lineBytes() + 1);
    int kept = (int) Math.min(count, room);
    int used = (int) Math.min(lineLength, limits.lineBytes() + 1);
    if (used + kept > collected.length) {
      collected = Arrays.copyOf(collected, Math.max(used + kept, collected.length * 2));
    }
    System.arraycopy(buffer, position, collected, used, kept);
    lineLength += count;
  }

  private ParsedLine parse() {
    if (isTooLong()) {
      return tooLong();
    }
    byte[] line = line();
    int length = (int) length();
    String text = new String(line, lineStart, length, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      Optional<Rejected> broken = brokenText(length);
      if (broken.isPresent()) {
        return broken.get();
      }
    }
    return codec.decode(lineNumber, text, line, lineStart, lineStart + length);
  }

  private byte[] line() {
    return isInBuffer ? buffer : collected;
  }

  /** Of the line without the carriage return at its end. */
  private long length() {
    boolean endsWithReturn =
        lineLength > 0
            && lineLength <= limits.lineBytes() + 1
            && line()[lineStart + (int) lineLength - 1] == '\r';
    return endsWithReturn ? lineLength - 1 : lineLength;
  }

  private boolean isTooLong() {
    return length() > limits.lineBytes();
  }

  /** Tells a replacement character that the line holds from one that stands for broken bytes. */
  private Optional<Rejected> brokenText(int length) {
    CharBuffer text = CharBuffer.allocate(length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(line(), lineStart, length), text, true);
    return result.isError()
        ? Optional.of(
            new Rejected(
                lineNumber,
                text.position() + 1,
                lenientText(Math.min(length, KEPT_BYTES)),
                ManifestFault.BROKEN_TEXT,
                "the bytes are not UTF-8"))
        : Optional.empty();
  }

  private Rejected tooLong() {
    long length = length();
    return new Rejected(
        lineNumber,
        1,
        lenientText((int) Math.min(Math.min(length, limits.lineBytes()), KEPT_BYTES)),
        ManifestFault.LINE_TOO_LONG,
        "the line has %s bytes, more than limits.lineBytes (%s)"
            .formatted(length, limits.lineBytes()));
  }

  private boolean isBlank() {
    byte[] line = line();
    int stop = lineStart + (int) lineLength;
    for (int i = lineStart; i < stop; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private String lenientText(int length) {
    return new String(line(), lineStart, length, StandardCharsets.UTF_8);
  }
}
