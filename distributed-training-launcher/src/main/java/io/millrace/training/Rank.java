package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The place of one process in a job. Ranks are counted node by node: those of node 0 first. Where a
 * tool such as {@code torchrun} starts the script's processes, it has the place of its node, and
 * they have ranks of their own.
 *
 * @param value from 0 to {@code worldSize - 1}
 * @param worldSize processes of the job
 * @param node number of the process's node, from 0
 * @param local place on its node, from 0 to {@code localWorldSize - 1}; also its device's number
 * @param localWorldSize processes of each node
 */
public record Rank(int value, int worldSize, int node, int local, int localWorldSize)
    implements GangMember {
  public Rank {
    checkArgument(
        localWorldSize >= 1 && local >= 0 && local < localWorldSize,
        "Invalid local rank: %s of %s",
        local,
        localWorldSize);
    checkArgument(
        value == node * localWorldSize + local && value < worldSize && node >= 0,
        "Invalid rank: %s of %s on node %s",
        value,
        worldSize,
        node);
  }

  /** The places of all processes that the launcher starts for a job, in order. */
  public static List<Rank> of(TrainingJob job) {
    return of(job, job.layout().isPerDevice() ? job.devicesPerNode() : 1);
  }

  /** The places of all processes that run the script of a job, whoever starts them, in order. */
  public static List<Rank> ofScript(TrainingJob job) {
    return of(job, job.scriptProcesses() / job.nodes());
  }

  private static List<Rank> of(TrainingJob job, int localWorldSize) {
    int worldSize = job.nodes() * localWorldSize;
    return IntStream.range(0, worldSize)
        .mapToObj(
            value ->
                new Rank(
                    value,
                    worldSize,
                    value / localWorldSize,
                    value % localWorldSize,
                    localWorldSize))
        .toList();
  }

  /**
   * The place of a process that is started by the one at this place, a tool of its node.
   *
   * @param index its place among those that the tool starts
   * @param count how many it starts
   */
  public Rank startedHere(int index, int count) {
    return new Rank(node * count + index, worldSize * count, node, index, count);
  }

  /** For messages: {@code rank 1 (worker-1, device 0)}. */
  @Override
  public String toString() {
    return "rank %d (worker-%d, device %d)".formatted(value, node, local);
  }
}
