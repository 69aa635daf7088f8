package io.millrace.training.resource;

import io.millrace.training.DeviceType;
import io.millrace.training.Rank;
import io.millrace.training.TrainingJob;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which devices of its machine a node of a job uses: those that it was given or that a variable
 * makes visible, or else the first ones, which nodes on one machine then share.
 *
 * @param indexes as the vendors' tools count, in the order of local ranks; none for a job that uses
 *     no device
 */
public record JobDevices(List<Integer> indexes) {
  /** The variables that show a process some devices only. */
  public static final List<String> VISIBLE =
      List.of("CUDA_VISIBLE_DEVICES", "ASCEND_RT_VISIBLE_DEVICES");

  public JobDevices {
    indexes = List.copyOf(indexes);
  }

  /** Of a job that computes on the CPU alone. */
  public static JobDevices none() {
    return new JobDevices(List.of());
  }

  /**
   * Those of a node: what the job's own variables say goes before what the back end gave the node,
   * that before what its processes inherit.
   *
   * @param given by the back end, as it names them; none if it gives none. Names that are no
   *     numbers belong to no device that a tool tells of
   * @param inherited the variables that its processes get besides their own
   */
  public static JobDevices of(TrainingJob job, List<String> given, Map<String, String> inherited) {
    if (job.resources().deviceType() == DeviceType.CPU) {
      return none();
    }
    Optional<List<Integer>> own = visible(job.environment());
    if (own.isEmpty() && !given.isEmpty()) {
      return numbers(String.join(",", given)).map(JobDevices::new).orElse(none());
    }
    List<Integer> all =
        own.or(() -> visible(inherited))
            .orElseGet(() -> IntStream.range(0, job.devicesPerNode()).boxed().toList());
    return new JobDevices(all.subList(0, Math.min(all.size(), job.devicesPerNode())));
  }

  private static Optional<List<Integer>> visible(Map<String, String> variables) {
    return VISIBLE.stream()
        .map(variables::get)
        .filter(Objects::nonNull)
        .flatMap(value -> numbers(value).stream())
        .findFirst();
  }

  private static Optional<List<Integer>> numbers(String text) {
    return text.matches("\\d{1,4}(,\\d{1,4})*")
        ? Optional.of(Arrays.stream(text.split(",")).map(Integer::valueOf).toList())
        : Optional.empty();
  }

  /** Those of one process: its own, or all of its node if it is the only one there. */
  public List<Integer> of(Rank rank) {
    if (rank.localWorldSize() == 1) {
      return indexes;
    }
    return rank.local() < indexes.size() ? List.of(indexes.get(rank.local())) : List.of();
  }
}
