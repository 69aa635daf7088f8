package io.millrace.ingestion.table;

import io.millrace.dataset.DatasetException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How the text of files is encoded. Bytes that are no text in it are never replaced silently. */
public enum TableCharset {
  /** UTF-8 where all bytes of a file are valid, else GB 18030; decided for each file. */
  AUTO("auto"),
  UTF_8("UTF-8"),
  /** GBK, read as its superset GB 18030. */
  GBK("GBK");

  private static final Charset GB_18030 = Charset.forName("GB18030");

  private final String text;

  TableCharset(String text) {
    this.text = text;
  }

  /**
   * Reads a name in any case.
   *
   * @throws DatasetException for another name, with those there are
   */
  public static TableCharset parse(String name) {
    String plain = name.strip().replace("_", "-");
    return Arrays.stream(values())
        .filter(
            charset ->
                charset.text.equalsIgnoreCase(plain)
                    || charset.text.replace("-", "").equalsIgnoreCase(plain))
        .findFirst()
        .orElseThrow(
            () ->
                new DatasetException(
                    "Invalid charset: '%s' (expected one of %s). Convert files in another one to UTF-8 first."
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(TableCharset::toString)
                                .collect(Collectors.joining(", ")))));
  }

  /** What a file may be encoded in, the likelier first. */
  List<Charset> candidates() {
    return switch (this) {
      case AUTO -> List.of(StandardCharsets.UTF_8, GB_18030);
      case UTF_8 -> List.of(StandardCharsets.UTF_8);
      case GBK -> List.of(GB_18030);
    };
  }

  /** The name as users write it. */
  @Override
  public String toString() {
    return text;
  }
}
