package io.millrace.training.resource;

import io.millrace.training.DeviceType;
import io.millrace.training.Rank;
import io.millrace.training.TrainingJob;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which devices of its machine a job uses: those that a variable makes visible, or else the first
 * ones. Nodes that share a machine share them.
 *
 * @param indexes as the vendors' tools count, in the order of local ranks; none for a job that uses
 *     no device
 */
public record JobDevices(List<Integer> indexes) {
  private static final List<String> VISIBLE =
      List.of("CUDA_VISIBLE_DEVICES", "ASCEND_RT_VISIBLE_DEVICES");

  public JobDevices {
    indexes = List.copyOf(indexes);
  }

  /** Of a job that computes on the CPU alone. */
  public static JobDevices none() {
    return new JobDevices(List.of());
  }

  /**
   * Those of each node of a job.
   *
   * @param inherited the variables that its processes get besides their own
   */
  public static JobDevices of(TrainingJob job, Map<String, String> inherited) {
    if (job.resources().deviceType() == DeviceType.CPU) {
      return none();
    }
    Optional<List<Integer>> visible =
        Stream.of(job.environment(), inherited)
            .flatMap(variables -> VISIBLE.stream().map(variables::get))
            .filter(value -> value != null && value.matches("\\d{1,4}(,\\d{1,4})*"))
            .findFirst()
            .map(value -> Arrays.stream(value.split(",")).map(Integer::valueOf).toList());
    List<Integer> all =
        visible.orElseGet(() -> IntStream.range(0, job.devicesPerNode()).boxed().toList());
    return new JobDevices(all.subList(0, Math.min(all.size(), job.devicesPerNode())));
  }

  /** Those of one process: its own, or all of its node if it is the only one there. */
  public List<Integer> of(Rank rank) {
    if (rank.localWorldSize() == 1) {
      return indexes;
    }
    return rank.local() < indexes.size() ? List.of(indexes.get(rank.local())) : List.of();
  }
}
