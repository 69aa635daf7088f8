package io.millrace.dataset.delta.spark;

/**
 * What bringing samples into a dataset did: their sum is the number of samples brought.
 *
 * @param added samples whose id was new
 * @param updated known samples that differed
 * @param unchanged known samples that were the same but for time and import
 */
public record UpsertCounts(long added, long updated, long unchanged) {
  public long total() {
    return added + updated + unchanged;
  }
}
