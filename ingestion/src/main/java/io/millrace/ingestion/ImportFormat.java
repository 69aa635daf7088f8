package io.millrace.ingestion;

import io.millrace.dataset.DatasetException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

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
    String known =
        Arrays.stream(values()).map(ImportFormat::toString).collect(Collectors.joining(", "));
    String hint = nearest(text).map(name -> " Did you mean %s?".formatted(name)).orElse("");
    return new DatasetException(
        "Invalid format: '%s' (expected one of %s).%s".formatted(text, known, hint));
  }

  /** The name that few typing errors away could have been meant; empty where none is close. */
  private static Optional<String> nearest(String text) {
    String lowerCase = text.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .map(ImportFormat::toString)
        .filter(name -> typingErrors(name, lowerCase) <= Math.max(1, name.length() / 3))
        .min(Comparator.comparingInt(name -> typingErrors(name, lowerCase)));
  }

  /** Letters inserted, left out, replaced or swapped with their neighbour: optimal alignment. */
  private static int typingErrors(String expected, String typed) {
    int[][] errors = new int[expected.length() + 1][typed.length() + 1];
    for (int i = 0; i <= expected.length(); i++) {
      for (int j = 0; j <= typed.length(); j++) {
        if (i == 0 || j == 0) {
          errors[i][j] = i + j;
          continue;
        }
        int replaced = expected.charAt(i - 1) == typed.charAt(j - 1) ? 0 : 1;
        errors[i][j] =
            Math.min(
                errors[i - 1][j - 1] + replaced, 1 + Math.min(errors[i - 1][j], errors[i][j - 1]));
        if (i > 1
            && j > 1
            && expected.charAt(i - 1) == typed.charAt(j - 2)
            && expected.charAt(i - 2) == typed.charAt(j - 1)) {
          errors[i][j] = Math.min(errors[i][j], errors[i - 2][j - 2] + 1);
        }
      }
    }
    return errors[expected.length()][typed.length()];
  }
}
