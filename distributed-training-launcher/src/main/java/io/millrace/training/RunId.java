package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names one run of a training job; no two runs share it. */
public record RunId(String value) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f][0-9a-f-]{6,34}[0-9a-f]");
  private static final SecureRandom RANDOM = new SecureRandom();

  public RunId {
    checkArgument(
        value != null && FORM.matcher(value).matches(),
        "Invalid run id: '%s' (expected 8 to 36 of 0-9, a-f and -)",
        value);
  }

  /** A new id of 12 hexadecimal digits. */
  public static RunId next() {
    byte[] bytes = new byte[6];
    RANDOM.nextBytes(bytes);
    return new RunId(HexFormat.of().formatHex(bytes));
  }

  @Override
  public String toString() {
    return value;
  }
}
