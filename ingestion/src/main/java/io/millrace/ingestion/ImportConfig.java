package io.millrace.ingestion;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.Limits;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;

/**
 * What an import is asked to do.
 *
 * @param dataset where the dataset lies that is imported into; not the source itself, nor below it
 * @param source a directory or a file, as the format has it
 * @param onError what happens at the first input that cannot be taken
 * @param maxRejects how many inputs may be refused before the import gives up
 * @param boxPolicy what happens to objects outside their image
 * @param maxPixels width times height that an image's header may announce; a file of a few KB can
 *     announce gigapixels ("decompression bomb") that would exhaust the memory of whoever decodes
 *     it
 * @param limits bytes a file, samples and labels a dataset
 * @param text how lines of labelled text are written
 * @param copy where the samples' bytes are afterwards
 * @param missing what becomes of samples whose source is gone
 */
public record ImportConfig(
    DatasetLayout dataset,
    StorageUri source,
    ImportFormat format,
    OnError onError,
    FailureLimit maxRejects,
    BoxPolicy boxPolicy,
    long maxPixels,
    Limits limits,
    TextOptions text,
    CopyMode copy,
    MissingPolicy missing) {

  /** Where Pillow, the library most trainers decode with, refuses an image as a bomb by default. */
  public static final long DEFAULT_MAX_PIXELS = 178_956_970L;

  public ImportConfig {
    requireNonNull(dataset, "dataset is null");
    requireNonNull(source, "source is null");
    requireNonNull(format, "format is null");
    requireNonNull(onError, "onError is null");
    requireNonNull(maxRejects, "maxRejects is null");
    requireNonNull(boxPolicy, "boxPolicy is null");
    requireNonNull(limits, "limits is null");
    requireNonNull(text, "text is null");
    requireNonNull(copy, "copy is null");
    requireNonNull(missing, "missing is null");
    checkArgument(
        source.scheme() != StorageUri.Scheme.CONTENT,
        "Cannot import %s: it is inline content. Give the address of a directory or a manifest.",
        source);
    checkArgument(maxPixels >= 1, "Invalid max-pixels: %s (expected at least 1)", maxPixels);
    if (dataset.root().isSameOrBelow(source)) {
      throw ImportErrors.datasetInsideSource(source, dataset.root());
    }
  }

  /** An import with all settings at their defaults. */
  public static ImportConfig of(DatasetLayout dataset, StorageUri source, ImportFormat format) {
    return new ImportConfig(
        dataset,
        source,
        format,
        OnError.SKIP,
        FailureLimit.UNLIMITED,
        BoxPolicy.REJECT,
        DEFAULT_MAX_PIXELS,
        Limits.DEFAULT,
        TextOptions.DEFAULT,
        CopyMode.REFERENCE,
        MissingPolicy.KEEP);
  }

  public ImportConfig withOnError(OnError onError) {
    return new ImportConfig(
        dataset,
        source,
        format,
        onError,
        maxRejects,
        boxPolicy,
        maxPixels,
        limits,
        text,
        copy,
        missing);
  }

  public ImportConfig withMaxRejects(FailureLimit maxRejects) {
    return new ImportConfig(
        dataset,
        source,
        format,
        onError,
        maxRejects,
        boxPolicy,
        maxPixels,
        limits,
        text,
        copy,
        missing);
  }

  public ImportConfig withBoxPolicy(BoxPolicy boxPolicy) {
    return new ImportConfig(
        dataset,
        source,
        format,
        onError,
        maxRejects,
        boxPolicy,
        maxPixels,
        limits,
        text,
        copy,
        missing);
  }

  public ImportConfig withMaxPixels(long maxPixels) {
    return new ImportConfig(
        dataset,
        source,
        format,
        onError,
        maxRejects,
        boxPolicy,
        maxPixels,
        limits,
        text,
        copy,
        missing);
  }

  public ImportConfig withLimits(Limits limits) {
    return new ImportConfig(
        dataset,
        source,
        format,
        onError,
        maxRejects,
        boxPolicy,
        maxPixels,
        limits,
        text,
        copy,
        missing);
  }

  public ImportConfig withText(TextOptions text) {
    return new ImportConfig(
        dataset,
        source,
        format,
        onError,
        maxRejects,
        boxPolicy,
        maxPixels,
        limits,
        text,
        copy,
        missing);
  }

  public ImportConfig withCopy(CopyMode copy) {
    return new ImportConfig(
        dataset,
        source,
        format,
        onError,
        maxRejects,
        boxPolicy,
        maxPixels,
        limits,
        text,
        copy,
        missing);
  }

  public ImportConfig withMissing(MissingPolicy missing) {
    return new ImportConfig(
        dataset,
        source,
        format,
        onError,
        maxRejects,
        boxPolicy,
        maxPixels,
        limits,
        text,
        copy,
        missing);
  }
}
