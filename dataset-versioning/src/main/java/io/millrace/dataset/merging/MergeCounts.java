package io.millrace.dataset.merging;

/**
 * What a merge did, or would do, in samples.
 *
 * @param added that the target had not
 * @param changed of those that it had
 * @param removed because the source removed them
 * @param settled clashes that the policy settled; they may be among the others
 * @param conflicts clashes that nothing settled
 * @param duplicates added ones with the bytes of a sample that the target has by another id
 * @param elsewhere added ones whose bytes are copies that lie in the directory of the source's
 *     dataset, and are lost with it
 */
public record MergeCounts(
    long added,
    long changed,
    long removed,
    long settled,
    long conflicts,
    long duplicates,
    long elsewhere) {

  /** Whether the target is as it was. */
  public boolean isNothing() {
    return added == 0 && changed == 0 && removed == 0;
  }
}
