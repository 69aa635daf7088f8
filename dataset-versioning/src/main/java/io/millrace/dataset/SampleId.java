package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Identifies a sample within its dataset.
 *
 * <p>The same source in the same dataset has the same id on every import, so that importing twice
 * is importing once. A manifest's own {@code id} wins over the derived one.
 */
public record SampleId(String value) implements Comparable<SampleId> {
  public static final int MAX_CHARACTERS = 256;

  public SampleId {
    checkArgument(
        value != null && !value.isBlank() && value.length() <= MAX_CHARACTERS,
        "Invalid sample id: '%s' (expected 1 to %s characters)",
        value,
        MAX_CHARACTERS);
    for (int i = 0; i < value.length(); i++) {
      checkArgument(
          !Character.isISOControl(value.charAt(i)),
          "Invalid sample id: it holds a control character");
    }
  }

  /**
   * The id of a source: the first 32 hexadecimal digits of its canonical address' SHA-256, so that
   * {@code /p} and {@code file:/p}, or two signatures of one address, give the same id.
   */
  public static SampleId ofSource(StorageUri source) {
    byte[] address = source.canonical().value().getBytes(StandardCharsets.UTF_8);
    return new SampleId(HexFormat.of().formatHex(Digest.sha256().digest(address), 0, 16));
  }

  @Override
  public int compareTo(SampleId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
