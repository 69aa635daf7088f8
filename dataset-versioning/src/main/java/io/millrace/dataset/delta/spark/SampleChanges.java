package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What an import brings to the samples of a dataset.
 *
 * @param samples rows of {@link SampleRows#SCHEMA}, no id twice
 * @param missingIds one column {@code id}: known samples whose source is gone; none of them among
 *     the samples
 * @param missingSince when that was found
 * @param removesMissing whether these are removed from the dataset, or marked and kept
 */
public record SampleChanges(
    Dataset<Row> samples,
    Optional<Dataset<Row>> missingIds,
    Instant missingSince,
    boolean removesMissing) {
  public SampleChanges {
    requireNonNull(samples, "samples is null");
    requireNonNull(missingIds, "missingIds is null");
    requireNonNull(missingSince, "missingSince is null");
  }

  /** Samples to add or update, and nothing else. */
  public static SampleChanges of(Dataset<Row> samples) {
    return new SampleChanges(samples, Optional.empty(), Instant.EPOCH, false);
  }

  /** The same, and samples to mark as missing since a moment. */
  public SampleChanges marking(Dataset<Row> missingIds, Instant since) {
    return new SampleChanges(samples, Optional.of(missingIds), since, false);
  }

  /** The same, and samples to remove. */
  public SampleChanges removing(Dataset<Row> missingIds) {
    return new SampleChanges(samples, Optional.of(missingIds), Instant.EPOCH, true);
  }
}
