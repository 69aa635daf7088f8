package io.millrace.dataset.merging;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One sample in the states that are brought together.
 *
 * @param base as it was in the state that both come from; empty where that lacks it, or there is
 *     none
 * @param ours as the target has it
 * @param theirs as the source has it
 */
public record SampleSides(Optional<Sample> base, Optional<Sample> ours, Optional<Sample> theirs) {
  public SampleSides {
    requireNonNull(base, "base is null");
    requireNonNull(ours, "ours is null");
    requireNonNull(theirs, "theirs is null");
    checkArgument(
        Stream.of(base, ours, theirs).flatMap(Optional::stream).map(Sample::id).distinct().count()
            <= 1,
        "Invalid sides of a merge: they are of several samples");
  }
}
