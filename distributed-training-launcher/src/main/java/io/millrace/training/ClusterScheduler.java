package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

/**
 * The process that makes a cluster of MindSpore's ranks. It runs no training, and has no more to do
 * once all ranks have ended.
 */
public record ClusterScheduler(int node) implements GangMember {
  public ClusterScheduler {
    checkArgument(node >= 0, "Invalid node of the scheduler: %s", node);
  }

  /** For messages: {@code the scheduler (worker-0)}. */
  @Override
  public String toString() {
    return "the scheduler (worker-%d)".formatted(node);
  }
}
