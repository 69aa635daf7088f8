package io.millrace.dataset.split;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Usage;
import java.util.List;
import java.util.Optional;

/**
 * What a split has to know of a sample.
 *
 * @param group the value of the group key; the sample's own id where it has none
 * @param address the source in canonical form; needed where lists are given
 * @param isLabelled whether it has an annotation, one without a label included
 * @param labels the distinct ones
 * @param given the usage that a rule gives it, or else the one that it keeps
 * @param earlier where it was in earlier versions
 * @param earlierOfGroup where samples of its group were in earlier versions, this one or others
 */
public record SplitSample(
    String id,
    String group,
    Optional<String> address,
    boolean isLabelled,
    List<String> labels,
    Optional<Usage> given,
    Optional<Earlier> earlier,
    List<Earlier> earlierOfGroup) {
  public SplitSample {
    requireNonNull(id, "id is null");
    requireNonNull(group, "group is null");
    requireNonNull(address, "address is null");
    labels = List.copyOf(labels);
    requireNonNull(given, "given is null");
    requireNonNull(earlier, "earlier is null");
    earlierOfGroup = List.copyOf(earlierOfGroup);
  }

  /**
   * Where a sample was.
   *
   * @param side the name of a usage, or the number of a fold
   * @param version the latest that says so
   */
  public record Earlier(String side, String version) {}
}
