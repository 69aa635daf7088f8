package io.millrace.ingestion;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.naming.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the source of an import is laid out. */
public enum ImportFormat {
  /** Pascal VOC: {@code X.jpg} with {@code X.xml} beside it, or the VOCdevkit directories. */
  VOC,
  /** A directory a label; the directory that holds an image names its label. */
  IMAGENET,
  /** A manifest file: one JSON object a line. */
  MANIFEST;

  /**
   * Reads a format's name in any case.
   *
   * @throws DatasetException for an unknown name, with the known ones and the nearest of them
   */
  public static ImportFormat parse(String text) {
    return Arrays.stream(values())
        .filter(format -> format.toString().equalsIgnoreCase(text.strip()))
        .findFirst()
        .orElseThrow(() -> unknown(text.strip()));
  }

  /** The name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static DatasetException unknown(String text) {
    List<String> known = Arrays.stream(values()).map(ImportFormat::toString).toList();
    String hint =
        NearestName.of(text, known).map(name -> " Did you mean %s?".formatted(name)).orElse("");
    return new DatasetException(
        "Invalid format: '%s' (expected one of %s).%s"
            .formatted(text, String.join(", ", known), hint));
  }
}
