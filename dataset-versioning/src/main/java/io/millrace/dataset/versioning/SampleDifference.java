package io.millrace.dataset.versioning;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A sample that two states do not have alike.
 *
 * @param source its address in the later state, or in the earlier where it was removed
 * @param changes the words "added" or "removed", or some of "relabelled", "moved" and "changed"
 * @param partBefore its usage, where it had one
 * @param partAfter its usage, where it has one
 * @param labelsBefore its distinct labels; empty where it was added
 * @param labelsAfter its distinct labels; empty where it was removed
 * @param fields which columns differ, of a sample that both have
 */
public record SampleDifference(
    String id,
    String source,
    List<String> changes,
    Optional<String> partBefore,
    Optional<String> partAfter,
    Optional<List<String>> labelsBefore,
    Optional<List<String>> labelsAfter,
    List<String> fields) {
  public SampleDifference {
    requireNonNull(id, "id is null");
    requireNonNull(source, "source is null");
    requireNonNull(partBefore, "partBefore is null");
    requireNonNull(partAfter, "partAfter is null");
    changes = List.copyOf(changes);
    labelsBefore = labelsBefore.map(List::copyOf);
    labelsAfter = labelsAfter.map(List::copyOf);
    fields = List.copyOf(fields);
  }
}
