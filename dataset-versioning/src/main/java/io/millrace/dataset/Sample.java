package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One item of a dataset and everything known about it.
 *
 * @param sizeBytes of the source; for inline text the length of its UTF-8 form
 * @param digest SHA-256 of the content, where it was computed
 * @param createdAt when it first entered the dataset
 * @param sourceState what storage said of the source
 * @param inferenceLocation where an inference result lies that produced this sample's line
 * @param origin the import that brought it
 * @param foreignFields the JSON object text of manifest fields that the model does not know, kept
 *     to be written back; empty text where there are none
 */
public record Sample(
    SampleId id,
    StorageUri source,
    DatasetKind kind,
    long sizeBytes,
    Optional<Digest> digest,
    Instant createdAt,
    SourceState sourceState,
    Optional<Usage> usage,
    Hardness hardness,
    Properties properties,
    Measures measures,
    List<Annotation> annotations,
    Optional<StorageUri> inferenceLocation,
    Optional<ImportId> origin,
    String foreignFields) {

  public Sample {
    requireNonNull(id, "id is null");
    requireNonNull(source, "source is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(digest, "digest is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(sourceState, "sourceState is null");
    requireNonNull(usage, "usage is null");
    requireNonNull(hardness, "hardness is null");
    requireNonNull(properties, "properties is null");
    requireNonNull(measures, "measures is null");
    requireNonNull(inferenceLocation, "inferenceLocation is null");
    requireNonNull(origin, "origin is null");
    requireNonNull(foreignFields, "foreignFields is null");
    checkArgument(sizeBytes >= 0, "Invalid size of sample %s: %s bytes", id, sizeBytes);
    annotations = List.copyOf(annotations);
  }

  /** A sample about which nothing is known but its source. */
  public static Sample of(StorageUri source, DatasetKind kind, long sizeBytes, Instant createdAt) {
    return new Sample(
        SampleId.ofSource(source),
        source,
        kind,
        sizeBytes,
        Optional.empty(),
        createdAt,
        SourceState.UNKNOWN,
        Optional.empty(),
        Hardness.NONE,
        Properties.EMPTY,
        Measures.NONE,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  public boolean isLabelled() {
    return !annotations.isEmpty();
  }

  /** The distinct labels, in alphabetical order; empty for an unlabelled sample. */
  public NavigableSet<Label> labels() {
    NavigableSet<Label> labels = new TreeSet<>();
    annotations.forEach(annotation -> annotation.label().ifPresent(labels::add));
    return labels;
  }

  /** The annotated objects with their shapes; empty where there are none. */
  public List<Annotation.ImageObject> objects() {
    return annotations.stream()
        .filter(Annotation.ImageObject.class::isInstance)
        .map(Annotation.ImageObject.class::cast)
        .toList();
  }

  public Sample withId(SampleId id) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withDigest(Optional<Digest> digest) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withSourceState(SourceState sourceState) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withUsage(Optional<Usage> usage) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withHardness(Hardness hardness) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withProperties(Properties properties) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withMeasures(Measures measures) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withAnnotations(List<Annotation> annotations) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withOrigin(Optional<ImportId> origin) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withSource(StorageUri source) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withKind(DatasetKind kind) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withSizeBytes(long sizeBytes) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }

  public Sample withCreatedAt(Instant createdAt) {
    return new Sample(
        id,
        source,
        kind,
        sizeBytes,
        digest,
        createdAt,
        sourceState,
        usage,
        hardness,
        properties,
        measures,
        annotations,
        inferenceLocation,
        origin,
        foreignFields);
  }
}
