package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.io.Serializable;

/**
 * Upper bounds that keep a dataset manageable; each can be changed, and every violation names the
 * limit, the value and the offending input.
 *
 * @param samples a dataset, tables aside
 * @param labels a dataset
 * @param imageBytes an image
 * @param sampleBytes a sample that is no image
 * @param manifestBytes a manifest file
 * @param lineBytes a line of text, and of a manifest
 * @param annotationFileBytes an annotation file
 */
public record Limits(
    long samples,
    long labels,
    long imageBytes,
    long sampleBytes,
    long manifestBytes,
    long lineBytes,
    long annotationFileBytes)
    implements Serializable {

  private static final long KB = 1024L;
  private static final long MB = 1024 * KB;
  private static final long GB = 1024 * MB;

  /** ModelArts' own limits. */
  public static final Limits DEFAULT =
      new Limits(1_000_000, 10_000, 25 * MB, 5 * GB, 5 * GB, 100 * KB, 100 * MB);

  public Limits {
    checkAtLeastOne("samples", samples);
    checkAtLeastOne("labels", labels);
    checkAtLeastOne("imageBytes", imageBytes);
    checkAtLeastOne("sampleBytes", sampleBytes);
    checkAtLeastOne("manifestBytes", manifestBytes);
    checkAtLeastOne("lineBytes", lineBytes);
    checkAtLeastOne("annotationFileBytes", annotationFileBytes);
  }

  /** The size limit in bytes of one sample of this kind. */
  public long bytesOf(DatasetKind kind) {
    return kind == DatasetKind.IMAGE ? imageBytes : sampleBytes;
  }

  private static void checkAtLeastOne(String name, long value) {
    checkArgument(value >= 1, "Invalid limits.%s: %s (expected at least 1)", name, value);
  }
}
