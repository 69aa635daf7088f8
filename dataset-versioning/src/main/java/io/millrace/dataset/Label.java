package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.regex.Pattern;

/**
 * A label: printable text without control characters, 1 to 128 characters, whatever the script.
 *
 * <p>Leading and trailing spaces are part of a label (they occur in manifests of the field).
 */
public record Label(String value) implements Comparable<Label> {
  public static final int MAX_CHARACTERS = 128;
  private static final Pattern STRICT = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  public Label {
    checkArgument(value != null && !value.isBlank(), "Invalid label: it is empty");
    int characters = value.codePointCount(0, value.length());
    checkArgument(
        characters <= MAX_CHARACTERS,
        "Invalid label: %s characters, starting '%s' (expected at most %s)",
        characters,
        value.substring(0, Math.min(32, value.length())),
        MAX_CHARACTERS);
    for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
      int code = value.codePointAt(i);
      if (Character.isISOControl(code)) {
        throw new DatasetException(
            "Invalid label: '%s' holds a control character"
                .formatted(value.replaceAll("\\p{Cntrl}", "?")));
      }
      checkArgument(
          !isNoCharacter(code),
          "Invalid label: it holds half of a surrogate pair or U+FFFE, which no file can hold");
    }
  }

  private static boolean isNoCharacter(int code) {
    return (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE)
        || code == 0xFFFE
        || code == 0xFFFF;
  }

  /** Whether ModelArts' own rule holds: 1 to 32 of letters, digits, underscore and hyphen. */
  public boolean isStrict() {
    return STRICT.matcher(value).matches();
  }

  @Override
  public int compareTo(Label other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
