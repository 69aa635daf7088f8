package io.millrace.ingestion.layout;

import io.millrace.ingestion.ImportFormat;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All formats but {@link ImportFormat#AUTO} and {@link ImportFormat#TABLE}. */
public final class SourceFormats {
  // The order is that of the enum, one a line.
  private static final List<SourceFormat> ALL =
      List.of(
          new VocFormat(), //
          new ImagenetFormat(),
          new ManifestFormat());

  private SourceFormats() {}

  public static List<SourceFormat> all() {
    return ALL.stream().sorted(Comparator.comparing(SourceFormat::format)).toList();
  }

  /** The format of a name; empty for those that are not read as layouts. */
  public static Optional<SourceFormat> of(ImportFormat format) {
    return ALL.stream().filter(candidate -> candidate.format() == format).findFirst();
  }
}
