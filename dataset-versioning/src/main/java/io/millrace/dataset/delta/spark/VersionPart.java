package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.ImportId;
import io.millrace.dataset.Label;
import io.millrace.dataset.Sample;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.MultisetDigest;
import io.millrace.dataset.versioning.Provenance;
import java.io.Serializable;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one task wrote of a version, or what several wrote together.
 *
 * @param number of the task, by which its part of the manifest is found; the lowest of several
 * @param mediaBytes the samples' sizes, added up
 * @param byUsage samples a usage; those without one count under {@link DatasetVersion#NO_PART}
 * @param byLabel samples a label
 * @param imports that brought the samples
 * @param rows digest of the rows
 * @param files digest of the annotation files
 * @param fileBytes their sizes, added up
 */
record VersionPart(
    int number,
    long samples,
    long mediaBytes,
    Map<String, Long> byUsage,
    Map<String, Long> byLabel,
    Set<String> imports,
    MultisetDigest rows,
    MultisetDigest files,
    long fileBytes)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  VersionPart {
    requireNonNull(rows, "rows is null");
    requireNonNull(files, "files is null");
    byUsage = new HashMap<>(byUsage);
    byLabel = new HashMap<>(byLabel);
    imports = new HashSet<>(imports);
  }

  /** Of a version without samples. */
  static final VersionPart NOTHING =
      new VersionPart(
          Integer.MAX_VALUE,
          0,
          0,
          Map.of(),
          Map.of(),
          Set.of(),
          MultisetDigest.EMPTY,
          MultisetDigest.EMPTY,
          0);

  /** Both together. */
  VersionPart plus(VersionPart other) {
    Set<String> allImports = new HashSet<>(imports);
    allImports.addAll(other.imports);
    return new VersionPart(
        Math.min(number, other.number),
        samples + other.samples,
        mediaBytes + other.mediaBytes,
        sum(byUsage, other.byUsage),
        sum(byLabel, other.byLabel),
        allImports,
        rows.plus(other.rows),
        files.plus(other.files),
        fileBytes + other.fileBytes);
  }

  NavigableMap<String, Long> sortedByUsage() {
    return Collections.unmodifiableNavigableMap(new TreeMap<>(byUsage));
  }

  NavigableMap<String, Long> sortedByLabel() {
    return Collections.unmodifiableNavigableMap(new TreeMap<>(byLabel));
  }

  /** The latest imports, as many as a {@link Provenance} names. */
  List<ImportId> latestImports() {
    return imports.stream()
        .sorted(Collections.reverseOrder())
        .limit(Provenance.MOST_IMPORTS)
        .map(ImportId::new)
        .toList();
  }

  private static Map<String, Long> sum(Map<String, Long> left, Map<String, Long> right) {
    Map<String, Long> sum = new HashMap<>(left);
    right.forEach((key, count) -> sum.merge(key, count, Long::sum));
    return sum;
  }

  /** A part in the making. */
  static final class Tally {
    private final Map<String, Long> byUsage = new HashMap<>();
    private final Map<String, Long> byLabel = new HashMap<>();
    private final Set<String> imports = new HashSet<>();
    private final MultisetDigest.Adder rows = new MultisetDigest.Adder();
    private final MultisetDigest.Adder files = new MultisetDigest.Adder();
    private long samples;
    private long mediaBytes;
    private long fileBytes;

    void addSample(Sample sample, byte[] row) {
      samples++;
      mediaBytes += sample.sizeBytes();
      byUsage.merge(sample.usage().map(Enum::name).orElse(DatasetVersion.NO_PART), 1L, Long::sum);
      for (Label label : sample.labels()) {
        byLabel.merge(label.value(), 1L, Long::sum);
      }
      sample.origin().map(ImportId::value).ifPresent(imports::add);
      rows.add(row);
    }

    void addFile(String path, byte[] contentDigest, long bytes) {
      files.addFile(path, contentDigest);
      fileBytes += bytes;
    }

    VersionPart part(int number) {
      return new VersionPart(
          number,
          samples,
          mediaBytes,
          byUsage,
          byLabel,
          imports,
          rows.sum(),
          files.sum(),
          fileBytes);
    }
  }
}
