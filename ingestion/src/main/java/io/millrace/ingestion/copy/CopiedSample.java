package io.millrace.ingestion.copy;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;

/**
 * A sample whose bytes lie in the dataset, and what that took.
 *
 * @param sample points at the copy, has its digest, and says in its source state where the bytes
 *     came from; of {@link Action#IN_PLACE} the sample as it was given
 */
public record CopiedSample(Sample sample, Action action) {

  /** What was done. */
  public enum Action {
    /** The bytes were written and read back. */
    COPIED,
    /** A copy with these very bytes was there already. */
    FOUND,
    /** There was nothing to copy: inline text, or a source that lies in the dataset. */
    IN_PLACE
  }

  public CopiedSample {
    requireNonNull(sample, "sample is null");
    requireNonNull(action, "action is null");
  }
}
