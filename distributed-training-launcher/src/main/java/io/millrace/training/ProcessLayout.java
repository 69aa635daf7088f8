package io.millrace.training;

import java.util.Locale;

/** Which processes a training job consists of, and how they learn their place among each other. */
public enum ProcessLayout {
  /**
   * One process a node. One for PyTorch is told its place by the arguments {@code --init_method
   * --world_size --rank} (ModelArts' contract). A script that wants one process a device starts
   * them itself.
   */
  PROCESS_PER_NODE,
  /**
   * One process a device, told its place by {@code MASTER_ADDR}, {@code RANK} and so on (PyTorch's
   * {@code env://}).
   */
  PROCESS_PER_DEVICE,
  /** One {@code torchrun} a node, which starts one process a device. */
  TORCHRUN,
  /**
   * One process an Ascend device, told its place by a rank table and {@code RANK_ID} (MindSpore).
   */
  RANK_TABLE,
  /**
   * One process a device that joins MindSpore's dynamic cluster, and one scheduler on the first
   * node.
   */
  DYNAMIC_CLUSTER,
  /**
   * One {@code msrun} a node, which starts one process a device and on the first node MindSpore's
   * scheduler.
   */
  MSRUN;

  /** Whether the launcher itself starts one process a device. */
  boolean isPerDevice() {
    return switch (this) {
      case PROCESS_PER_NODE, TORCHRUN, MSRUN -> false;
      case PROCESS_PER_DEVICE, RANK_TABLE, DYNAMIC_CLUSTER -> true;
    };
  }

  /** Whether a tool of the framework stands between the launcher and the script. */
  public boolean isByTool() {
    return this == TORCHRUN || this == MSRUN;
  }

  /** As users write it: {@code process-per-node}. */
  public String displayName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
