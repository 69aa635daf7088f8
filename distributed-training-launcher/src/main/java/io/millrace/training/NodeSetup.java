package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

/** A process that prepares a node, before the job's own are started. */
public record NodeSetup(int node) implements GangMember {
  public NodeSetup {
    checkArgument(node >= 0, "Invalid node of a preparation: %s", node);
  }

  /** For messages: {@code the preparation of worker-0}. */
  @Override
  public String toString() {
    return "the preparation of worker-%d".formatted(node);
  }
}
