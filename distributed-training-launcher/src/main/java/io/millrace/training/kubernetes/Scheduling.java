package io.millrace.training.kubernetes;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.Map;
import java.util.Optional;

/**
 * Where and when a job gets its nodes.
 *
 * @param queue of Volcano: the pool of resources
 * @param priority 1 to 3, the most urgent last
 * @param priorityClasses names of the cluster's priority classes, by priority; 1 may be missing and
 *     is the cluster's default then
 * @param nodeSelector labels that machines must have
 */
public record Scheduling(
    String scheduler,
    String queue,
    int priority,
    Map<Integer, String> priorityClasses,
    Map<String, String> nodeSelector) {

  /** Volcano's scheduler and queue, the lowest priority, any machine. */
  public static final Scheduling DEFAULT =
      new Scheduling("volcano", "default", 1, Map.of(), Map.of());

  public Scheduling {
    checkArgument(scheduler != null && !scheduler.isBlank(), "Invalid scheduler: '%s'", scheduler);
    checkArgument(queue != null && !queue.isBlank(), "Invalid queue: '%s'", queue);
    checkArgument(
        priority >= 1 && priority <= 3, "Invalid priority: %s (expected 1 to 3)", priority);
    priorityClasses = Map.copyOf(priorityClasses);
    nodeSelector = Map.copyOf(nodeSelector);
    checkArgument(
        priority == 1 || priorityClasses.containsKey(priority),
        "Invalid priority: %s (no priority class of the cluster is named for it; name one)",
        priority);
  }

  public Scheduling withQueue(String newQueue) {
    return new Scheduling(scheduler, newQueue, priority, priorityClasses, nodeSelector);
  }

  /** Another priority, and the classes of all. */
  public Scheduling withPriority(int newPriority, Map<Integer, String> newClasses) {
    return new Scheduling(scheduler, queue, newPriority, newClasses, nodeSelector);
  }

  public Scheduling withNodeSelector(Map<String, String> newSelector) {
    return new Scheduling(scheduler, queue, priority, priorityClasses, newSelector);
  }

  Optional<String> priorityClass() {
    return Optional.ofNullable(priorityClasses.get(priority));
  }
}
