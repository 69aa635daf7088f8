package io.millrace.dataset.voc;

import io.millrace.dataset.DatasetException;
import java.util.regex.Pattern;

/** What XML 1.0 can hold, and how it is escaped. */
final class XmlText {
  /** Letters of any script first; no colon, since namespaces mean nothing here. */
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{Nd}_.-]*");

  private XmlText() {}

  /** Whether a text can be an element's name, by a rule a little stricter than XML's. */
  static boolean isName(String text) {
    return text != null
        && (isPlainName(text)
            || (NAME.matcher(text).matches()
                && text.codePoints().allMatch(XmlText::isNameCharacter)));
  }

  /** What nearly every name is; spares the pattern, which would cost more than the parser does. */
  private static boolean isPlainName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /**
   * @throws DatasetException if XML cannot hold the text
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(code -> append(escaped, code));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int code) {
    switch (code) {
      case '&' -> escaped.append("&amp;");
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '"' -> escaped.append("&quot;");
      case '\t', '\n', '\r' -> escaped.append("&#").append(code).append(';');
      default -> {
        if (!isCharacter(code)) {
          throw new DatasetException(
              "Cannot write the character U+%04X: XML cannot hold it".formatted(code));
        }
        escaped.appendCodePoint(code);
      }
    }
  }

  /** XML 1.0, production Char. */
  static boolean isCharacter(int code) {
    return code == '\t'
        || code == '\n'
        || code == '\r'
        || (code >= 0x20 && code <= 0xD7FF)
        || (code >= 0xE000 && code <= 0xFFFD)
        || code >= 0x10000;
  }

  /** XML parsers of the fourth edition know no letters that came to Unicode after version 2. */
  private static boolean isNameCharacter(int code) {
    return code < 0x80
        || (code >= 0xC0 && code <= 0xFF && code != 0xD7 && code != 0xF7)
        || (code >= 0x4E00 && code <= 0x9FA5);
  }
}
