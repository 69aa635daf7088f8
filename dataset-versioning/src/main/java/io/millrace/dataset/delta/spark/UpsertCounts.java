package io.millrace.dataset.delta.spark;

/**
 * What bringing samples into a dataset did: added, updated and unchanged add up to the samples
 * brought.
 *
 * @param added samples whose id was new
 * @param updated known samples that differed
 * @param unchanged known samples that were the same but for time and import
 * @param missing known samples that were marked as missing, or removed for it
 */
public record UpsertCounts(long added, long updated, long unchanged, long missing) {

  public UpsertCounts(long added, long updated, long unchanged) {
    this(added, updated, unchanged, 0);
  }

  /** Samples brought. */
  public long total() {
    return added + updated + unchanged;
  }

  /** Samples that are not as they were. */
  public long changed() {
    return added + updated + missing;
  }

  UpsertCounts withMissing(long missing) {
    return new UpsertCounts(added, updated, unchanged, missing);
  }
}
