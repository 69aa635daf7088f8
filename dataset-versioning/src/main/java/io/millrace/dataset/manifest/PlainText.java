package io.millrace.dataset.manifest;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * A place in the bytes of a line, moved on by what is expected to stand there: marks, texts without
 * escapes, numbers without sign and exponent. All else is not plain.
 */
final class PlainText {
  private static final long QUOTES = ByteWords.of('"');
  private static final long BACKSLASHES = ByteWords.of('\\');
  private static final long BRACES = ByteWords.of('}');
  private static final long SPACES = ByteWords.of(' ');

  /** Up to here a whole number divided by a power of ten is the nearest double. */
  private static final int MOST_DIGITS = 15;

  private static final long[] POWERS_OF_TEN = new long[MOST_DIGITS + 1];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i <= MOST_DIGITS; i++) {
      POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
    }
  }

  private final byte[] bytes;
  private final int end;
  private int position;

  PlainText(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.end = to;
  }

  /** Goes over a mark and the spaces before it. */
  void expect(char mark) throws NotPlainException {
    boolean isHere = position < end && bytes[position] == mark;
    if (!isHere && next() != mark) {
      throw new NotPlainException();
    }
    position++;
  }

  /** Goes over a mark and the spaces before it, if it stands here. */
  boolean accept(char mark) {
    if (next() != mark) {
      return false;
    }
    position++;
    return true;
  }

  /** Goes over the comma before another element, or the mark that ends a structure. */
  boolean hasMore(char closing) throws NotPlainException {
    byte mark = next();
    position++;
    if (mark == ',') {
      return true;
    }
    if (mark == closing) {
      return false;
    }
    throw new NotPlainException();
  }

  void expectEnd() throws NotPlainException {
    next();
    if (position < end) {
      throw new NotPlainException();
    }
  }

  /** The first byte that is no space; 0 at the end. */
  byte next() {
    while (position < end) {
      byte next = bytes[position];
      if (next != ' ') {
        return next;
      }
      position++;
    }
    return 0;
  }

  /** Goes over the brace that begins an object, a known key and the colon after it. */
  int firstKey(PlainKeys keys) throws NotPlainException {
    expect('{');
    return key(keys, keys.start());
  }

  /**
   * Goes over the comma, a known key and the colon after it, or over the brace that ends an object.
   *
   * @return the key; -1 at the end of the object
   */
  int nextKey(PlainKeys keys, int before) throws NotPlainException {
    // Kept in a local variable: this and the texts are where the time goes.
    int at = position;
    if (at < end && bytes[at] == ',') {
      int guess = keys.guess(before);
      ByteText expected = keys.withColon(guess);
      if (expected.isAt(bytes, at + 1, end)) {
        position = at + 1 + expected.length();
        return guess;
      }
    }
    return hasMore('}') ? key(keys, before) : -1;
  }

  private int key(PlainKeys keys, int before) throws NotPlainException {
    next();
    int key = keys.find(before, bytes, position, end);
    if (key < 0) {
      throw new NotPlainException();
    }
    position += keys.length(key);
    expect(':');
    return key;
  }

  /** A text that says something. */
  String text() throws NotPlainException {
    int from = beginText();
    int to = endText(from);
    checkNotEmpty(from, to);
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** The value of a text that says something. */
  <T> T text(TextCache<T> cache) throws NotPlainException {
    int from = beginText();
    int to = endText(from);
    checkNotEmpty(from, to);
    return cache.get(bytes, from, to);
  }

  /** The value of a text, also of an empty one. */
  <T> T anyText(TextCache<T> cache) throws NotPlainException {
    int from = beginText();
    return cache.get(bytes, from, endText(from));
  }

  /** A number of one digit. */
  int digit() throws NotPlainException {
    int digit = next() - '0';
    if (digit < 0 || digit > 9) {
      throw new NotPlainException();
    }
    // A second digit is no mark that could follow.
    position++;
    return digit;
  }

  /**
   * The value of an object that begins here; it is made but once of the same bytes.
   *
   * <p>The object is looked up by its bytes up to the first brace that closes, wherever that is. It
   * is kept only if it ended there: then the same bytes end there again.
   */
  <T> T object(TextCache<T> cache, ObjectReader<T> reader) throws NotPlainException {
    next();
    int from = position;
    int to = closingBrace(from) + 1;
    T known = cache.find(bytes, from, to);
    if (known != null) {
      position = to;
      return known;
    }
    T value = reader.read(this);
    if (position == to) {
      cache.put(bytes, from, to, value);
    }
    return value;
  }

  /** Reads the object that begins at the place. */
  interface ObjectReader<T> {
    T read(PlainText text) throws NotPlainException;
  }

  private int closingBrace(int from) throws NotPlainException {
    int at = from;
    while (at + Long.BYTES <= end) {
      long found = ByteWords.equalTo(BRACES, ByteWords.at(bytes, at));
      if (found != 0) {
        return at + ByteWords.first(found);
      }
      at += Long.BYTES;
    }
    while (at < end && bytes[at] != '}') {
      at++;
    }
    if (at == end) {
      throw new NotPlainException();
    }
    return at;
  }

  /** A text of just so many bytes, read in place by its index; see {@link #digits}. */
  int textOf(int length) throws NotPlainException {
    int from = beginText();
    if (endText(from) != from + length) {
      throw new NotPlainException();
    }
    return from;
  }

  /** The number that some bytes spell, all of them digits. */
  int digits(int from, int count) throws NotPlainException {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      if (!isDigit(bytes[i])) {
        throw new NotPlainException();
      }
      value = value * 10 + bytes[i] - '0';
    }
    return value;
  }

  void check(int index, char expected) throws NotPlainException {
    if (bytes[index] != expected) {
      throw new NotPlainException();
    }
  }

  /** One of the words {@code true} and {@code false}. */
  boolean truth() throws NotPlainException {
    next();
    if (isWord("true")) {
      position += "true".length();
      return true;
    }
    if (isWord("false")) {
      position += "false".length();
      return false;
    }
    throw new NotPlainException();
  }

  /** A number from 0 to 1, as the double next to it. */
  double fraction() throws NotPlainException {
    int from = beginNumber();
    long unscaled = wholePart(from);
    int scale = 0;
    if (isPoint()) {
      int point = position++;
      unscaled = withFraction(unscaled);
      scale = fractionDigits(from, point);
    }
    if (unscaled > POWERS_OF_TEN[scale]) {
      throw new NotPlainException();
    }
    return (double) unscaled / POWERS_OF_TEN[scale];
  }

  /** A number as properties hold it: a Long, with a fraction a BigDecimal of just these digits. */
  Object number() throws NotPlainException {
    int from = beginNumber();
    long unscaled = wholePart(from);
    if (!isPoint()) {
      return unscaled;
    }
    int point = position++;
    unscaled = withFraction(unscaled);
    return BigDecimal.valueOf(unscaled, fractionDigits(from, point));
  }

  /** The index after the opening quote; the place moves on when the text's end is found. */
  private int beginText() throws NotPlainException {
    int at = position;
    if (at < end && bytes[at] == '"') {
      return at + 1;
    }
    if (next() != '"') {
      throw new NotPlainException();
    }
    return position + 1;
  }

  private static void checkNotEmpty(int from, int to) throws NotPlainException {
    if (from == to) {
      throw new NotPlainException();
    }
  }

  /** Goes over the closing quote, and gives its index. */
  private int endText(int from) throws NotPlainException {
    int at = from;
    while (at + Long.BYTES <= end) {
      long word = ByteWords.at(bytes, at);
      long stops =
          ByteWords.equalTo(QUOTES, word)
              | ByteWords.equalTo(BACKSLASHES, word)
              | ByteWords.below(SPACES, word);
      if (stops != 0) {
        return closed(at + ByteWords.first(stops));
      }
      at += Long.BYTES;
    }
    while (at < end && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] & 0xFF) >= ' ') {
      at++;
    }
    return closed(at);
  }

  private int closed(int at) throws NotPlainException {
    if (at >= end || bytes[at] != '"') {
      throw new NotPlainException();
    }
    position = at + 1;
    return at;
  }

  private boolean isWord(String word) {
    if (position + word.length() > end) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (bytes[position + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int beginNumber() {
    next();
    return position;
  }

  private boolean isPoint() {
    return position < end && bytes[position] == '.';
  }

  private long wholePart(int from) throws NotPlainException {
    long value = withDigits(0);
    int digits = position - from;
    boolean hasLeadingZero = digits > 1 && bytes[from] == '0';
    if (digits == 0 || digits > MOST_DIGITS || hasLeadingZero) {
      throw new NotPlainException();
    }
    return value;
  }

  private long withFraction(long whole) {
    return withDigits(whole);
  }

  private int fractionDigits(int from, int point) throws NotPlainException {
    int scale = position - point - 1;
    if (scale == 0 || position - from - 1 > MOST_DIGITS) {
      throw new NotPlainException();
    }
    return scale;
  }

  private long withDigits(long value) {
    long grown = value;
    while (position < end && isDigit(bytes[position])) {
      grown = grown * 10 + bytes[position] - '0';
      position++;
    }
    return grown;
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }
}
