package io.millrace.ingestion.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * What reading a file of text once, without holding it, tells of it. Lines end at a line feed; the
 * end of the last one begins no other.
 *
 * <p>Text is UTF-8 or GBK. Some lines of GBK happen to be valid UTF-8 and some files of UTF-8 hold
 * a broken line, so that the lines that are not plain ASCII vote: it is GBK if more of them are
 * broken as UTF-8 than are not, and fewer of them are broken as GBK.
 *
 * @param charset UTF-8, or GB 18030, of which GBK is a part
 * @param lines how many were read
 * @param undecodable how many of them the charset cannot decode
 * @param holdsNul whether a byte is zero, as no text in these charsets has one, but all of UTF-16
 *     does
 */
public record TextScan(Charset charset, long lines, long undecodable, boolean holdsNul) {
  /** What Chinese systems write that do not write UTF-8. */
  public static final Charset GBK = Charset.forName("GB18030");

  private static final int BUFFER_BYTES = 1 << 16;

  /** How many lines that are not plain ASCII are enough to tell the charset. */
  private static final long DECIDING_LINES = 1000;

  /** Reads all bytes. */
  public static TextScan of(InputStream bytes) throws IOException {
    return of(bytes, Long.MAX_VALUE);
  }

  /** Reads until enough lines with other letters than those of ASCII were seen, or to the end. */
  public static Charset charset(InputStream bytes) throws IOException {
    return of(bytes, DECIDING_LINES).charset();
  }

  private static TextScan of(InputStream bytes, long decidingLines) throws IOException {
    Votes votes = new Votes();
    byte[] buffer = new byte[BUFFER_BYTES];
    while (votes.voters < decidingLines) {
      int count = bytes.read(buffer);
      if (count < 0) {
        votes.endOfFile();
        break;
      }
      for (int i = 0; i < count; i++) {
        votes.add(buffer[i] & 0xff);
      }
    }
    boolean gbk =
        votes.brokenUtf8 > votes.voters - votes.brokenUtf8 && votes.brokenGbk < votes.brokenUtf8;
    return new TextScan(
        gbk ? GBK : StandardCharsets.UTF_8,
        votes.lines,
        gbk ? votes.brokenGbk : votes.brokenUtf8,
        votes.holdsNul);
  }

  /** Follows the bytes of a line in both charsets at once. */
  private static final class Votes {
    private final Utf8 utf8 = new Utf8();
    private final Gbk gbk = new Gbk();
    private long lines;
    private long voters;
    private long brokenUtf8;
    private long brokenGbk;
    private boolean holdsNul;
    private boolean isLineBegun;
    private boolean isAscii = true;

    void add(int value) {
      if (value == '\n') {
        endOfLine();
        return;
      }
      isLineBegun = true;
      holdsNul |= value == 0;
      if (value >= 0x80) {
        isAscii = false;
      }
      if (!isAscii) {
        utf8.add(value);
        gbk.add(value);
      }
    }

    void endOfFile() {
      if (isLineBegun) {
        endOfLine();
      }
    }

    private void endOfLine() {
      lines++;
      if (!isAscii) {
        voters++;
        brokenUtf8 += utf8.isWhole() ? 0 : 1;
        brokenGbk += gbk.isWhole() ? 0 : 1;
        utf8.reset();
        gbk.reset();
      }
      isAscii = true;
      isLineBegun = false;
    }
  }

  /** The byte sequences of Unicode 16, table 3-7: no overlong forms, no surrogates. */
  private static final class Utf8 {
    private int missing;
    private int least;
    private int most;
    private boolean broken;

    void add(int value) {
      if (missing > 0) {
        broken |= value < least || value > most;
        missing--;
        expect(missing, 0x80, 0xBF);
      } else if (value >= 0xC2 && value <= 0xDF) {
        expect(1, 0x80, 0xBF);
      } else if (value >= 0xE0 && value <= 0xEF) {
        expect(2, value == 0xE0 ? 0xA0 : 0x80, value == 0xED ? 0x9F : 0xBF);
      } else if (value >= 0xF0 && value <= 0xF4) {
        expect(3, value == 0xF0 ? 0x90 : 0x80, value == 0xF4 ? 0x8F : 0xBF);
      } else {
        broken |= value >= 0x80;
      }
    }

    boolean isWhole() {
      return !broken && missing == 0;
    }

    void reset() {
      missing = 0;
      broken = false;
    }

    private void expect(int count, int from, int to) {
      missing = count;
      least = from;
      most = to;
    }
  }

  /** The byte sequences of GB 18030: of one, two or four bytes. */
  private static final class Gbk {
    /** Index of the next byte in its character. */
    private int place;

    private boolean broken;

    void add(int value) {
      boolean isLead = value >= 0x81 && value <= 0xFE;
      boolean isDigit = value >= 0x30 && value <= 0x39;
      switch (place) {
        case 0 -> {
          broken |= value == 0x80 || value == 0xFF;
          place = isLead ? 1 : 0;
        }
        case 1 -> {
          broken |= !isDigit && (value < 0x40 || value == 0x7F || value == 0xFF);
          place = isDigit ? 2 : 0;
        }
        case 2 -> {
          broken |= !isLead;
          place = 3;
        }
        default -> {
          broken |= !isDigit;
          place = 0;
        }
      }
    }

    boolean isWhole() {
      return !broken && place == 0;
    }

    void reset() {
      place = 0;
      broken = false;
    }
  }
}
