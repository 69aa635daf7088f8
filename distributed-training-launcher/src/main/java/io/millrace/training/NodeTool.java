package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

/**
 * The tool of a framework that starts the script's processes on a node, where it is to be told from
 * these.
 *
 * @param layout the one that the tool is named after
 */
public record NodeTool(int node, ProcessLayout layout) implements GangMember {
  public NodeTool {
    checkArgument(node >= 0, "Invalid node of a tool: %s", node);
    checkArgument(layout.isByTool(), "Invalid layout of a tool: %s", layout.displayName());
  }

  /** For messages: {@code torchrun of worker-0}. */
  @Override
  public String toString() {
    return "%s of worker-%d".formatted(layout.displayName(), node);
  }
}
