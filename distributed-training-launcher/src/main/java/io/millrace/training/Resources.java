package io.millrace.training;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a job runs on.
 *
 * @param nodes 1 to 1000
 * @param devicesPerNode 1 to 64
 * @param flavor the kind of node, as the back end names it
 * @param pool the part of the cluster that gives the nodes, as the back end names it
 * @param priority 1 to 3, the more urgent the higher
 */
public record Resources(
    int nodes,
    int devicesPerNode,
    DeviceType deviceType,
    Optional<String> flavor,
    Optional<String> pool,
    int priority) {

  /** One process's place without an accelerator. */
  static final Resources ONE_CPU =
      new Resources(1, 1, DeviceType.CPU, Optional.empty(), Optional.empty(), 1);

  public Resources {
    requireNonNull(deviceType, "deviceType is null");
    List<String> problems = new ArrayList<>();
    if (nodes < 1 || nodes > 1000) {
      problems.add("Invalid nodes: %d (expected 1 to 1000).".formatted(nodes));
    }
    if (devicesPerNode < 1 || devicesPerNode > 64) {
      problems.add("Invalid devices: %d (expected 1 to 64 a node).".formatted(devicesPerNode));
    }
    if (flavor.isPresent() && flavor.get().isBlank()) {
      problems.add("Invalid flavor: it is empty (give a name or leave it out).");
    }
    if (pool.isPresent() && pool.get().isBlank()) {
      problems.add("Invalid pool: it is empty (give a name or leave it out).");
    }
    if (priority < 1 || priority > 3) {
      problems.add("Invalid priority: %d (expected 1 to 3).".formatted(priority));
    }
    TrainingException.throwIfAny(problems);
  }
}
