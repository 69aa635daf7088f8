package io.millrace.dataset;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the samples of a dataset are: decides which files belong to it and which annotations fit.
 *
 * <p>{@code sampleType} is the code that manifests carry; {@link #FREE} has none.
 */
public enum DatasetKind {
  IMAGE(0, Set.of("jpg", "jpeg", "png", "bmp")),
  TEXT(1, Set.of("txt", "csv")),
  AUDIO(2, Set.of("wav")),
  TABLE(4, Set.of("csv", "parquet")),
  VIDEO(6, Set.of("mp4")),
  FREE(-1, Set.of());

  private static final List<Optional<DatasetKind>> OF_SAMPLE_TYPE =
      IntStream.rangeClosed(0, 6)
          .mapToObj(
              code -> Arrays.stream(values()).filter(kind -> kind.sampleType == code).findFirst())
          .toList();

  private final int sampleType;

  @SuppressWarnings("ImmutableEnumChecker") // every value is a Set.of
  private final Set<String> extensions;

  DatasetKind(int sampleType, Set<String> extensions) {
    this.sampleType = sampleType;
    this.extensions = extensions;
  }

  /** The {@code sample-type} code of manifest lines; empty for {@link #FREE}. */
  public OptionalInt sampleType() {
    return sampleType < 0 ? OptionalInt.empty() : OptionalInt.of(sampleType);
  }

  /** Lower-case file name extensions without the dot; empty means that any file fits. */
  public Set<String> extensions() {
    return extensions;
  }

  /** Whether a file of this name belongs to the kind; the extension's case does not matter. */
  public boolean accepts(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return extensions.isEmpty()
        || (dot >= 0 && extensions.contains(fileName.substring(dot + 1).toLowerCase(Locale.ROOT)));
  }

  /** The kind that a manifest's {@code sample-type} code names; empty for an unknown code. */
  public static Optional<DatasetKind> ofSampleType(int code) {
    return code >= 0 && code < OF_SAMPLE_TYPE.size() ? OF_SAMPLE_TYPE.get(code) : Optional.empty();
  }
}
