package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What became of the suggestions for a sample: {@code taken + known + refused.size()} is their
 * number.
 *
 * @param taken labels that the sample has now and had not before
 * @param known labels that it had already, from the same machine
 */
public record SuggestedSample(
    EditedSample edited, long taken, long known, List<RefusedLabel> refused) {
  public SuggestedSample {
    requireNonNull(edited, "edited is null");
    refused = List.copyOf(refused);
  }
}
