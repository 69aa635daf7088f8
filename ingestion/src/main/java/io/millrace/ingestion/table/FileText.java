package io.millrace.ingestion.table;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the bytes of a whole file say about its text.
 *
 * @param charsetName the first of the candidates in which every byte is text
 * @param lineEnd of old Macintosh files CR, else LF, before which a CR may stand
 */
record FileText(String charsetName, char lineEnd) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BUFFER_BYTES = 1 << 16;

  FileText {
    requireNonNull(charsetName, "charsetName is null");
  }

  Charset charset() {
    return Charset.forName(charsetName);
  }

  /**
   * Reads a file to its end, once for all candidates.
   *
   * @return empty if its bytes are text in none of them
   */
  static Optional<FileText> of(InputStream bytes, List<Charset> candidates) throws IOException {
    List<Decoding> decodings = new ArrayList<>();
    candidates.forEach(charset -> decodings.add(new Decoding(charset)));
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = bytes.read(buffer); read >= 0 && !decodings.isEmpty(); ) {
      int length = read;
      decodings.removeIf(decoding -> !decoding.accepts(buffer, length));
      read = bytes.read(buffer);
    }
    decodings.removeIf(decoding -> !decoding.acceptsEnd());
    return decodings.stream().findFirst().map(Decoding::text);
  }

  /** One attempt to read the bytes as text, a block at a time. */
  private static final class Decoding {
    private final CharsetDecoder decoder;
    private final CharBuffer chars = CharBuffer.allocate(BUFFER_BYTES);
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private boolean hasLf;
    private boolean hasCr;

    Decoding(Charset charset) {
      decoder =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    boolean accepts(byte[] block, int length) {
      ByteBuffer bytes =
          ByteBuffer.allocate(rest.remaining() + length).put(rest).put(block, 0, length).flip();
      while (true) {
        CoderResult result = decoder.decode(bytes, chars, false);
        countLineEnds();
        if (result.isError()) {
          return false;
        }
        if (result.isUnderflow()) {
          rest = bytes; // the first bytes of a character that the next block ends
          return true;
        }
      }
    }

    boolean acceptsEnd() {
      CoderResult result = decoder.decode(rest, chars, true);
      return !result.isError() && !decoder.flush(chars).isError();
    }

    FileText text() {
      return new FileText(decoder.charset().name(), hasCr && !hasLf ? '\r' : '\n');
    }

    private void countLineEnds() {
      chars.flip();
      while (chars.hasRemaining()) {
        char next = chars.get();
        hasLf |= next == '\n';
        hasCr |= next == '\r';
      }
      chars.clear();
    }
  }
}
