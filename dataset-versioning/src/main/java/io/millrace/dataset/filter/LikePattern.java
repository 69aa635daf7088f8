package io.millrace.dataset.filter;

import java.util.Arrays;

/**
 * Patterns of {@code like}. The time is at most the product of both lengths, whatever the pattern:
 * a regular expression in its place could need the power of its {@code %}s.
 */
final class LikePattern {
  private static final int ANY_CHARACTERS = -1;
  private static final int ONE_CHARACTER = -2;

  private LikePattern() {}

  /** Whether every {@code \} stands before {@code %}, {@code _} or another {@code \}. */
  static boolean isValid(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) == '\\') {
        i++;
        if (i == pattern.length() || "%_\\".indexOf(pattern.charAt(i)) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  static boolean matches(String pattern, String text) {
    int[] wanted = parts(pattern);
    int[] given = text.codePoints().toArray();
    int at = 0;
    int i = 0;
    int resumeAt = -1;
    int resumeText = 0;
    while (i < given.length) {
      if (at < wanted.length && wanted[at] == ANY_CHARACTERS) {
        resumeAt = ++at;
        resumeText = i;
      } else if (at < wanted.length && (wanted[at] == ONE_CHARACTER || wanted[at] == given[i])) {
        at++;
        i++;
      } else if (resumeAt >= 0) {
        at = resumeAt;
        i = ++resumeText;
      } else {
        return false;
      }
    }
    while (at < wanted.length && wanted[at] == ANY_CHARACTERS) {
      at++;
    }
    return at == wanted.length;
  }

  private static int[] parts(String pattern) {
    int[] codes = pattern.codePoints().toArray();
    int[] parts = new int[codes.length];
    int count = 0;
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] == '%') {
        parts[count++] = ANY_CHARACTERS;
      } else if (codes[i] == '_') {
        parts[count++] = ONE_CHARACTER;
      } else {
        i += codes[i] == '\\' && i + 1 < codes.length ? 1 : 0;
        parts[count++] = codes[i];
      }
    }
    return Arrays.copyOf(parts, count);
  }
}
