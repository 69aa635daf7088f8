package io.millrace.training;

/** Which processes a training job consists of, and how they learn their place among each other. */
public enum ProcessLayout {
  /**
   * One process a node, told its place by the arguments {@code --init_method --world_size --rank}
   * (ModelArts' contract). A script that wants one process a device starts them itself.
   */
  PROCESS_PER_NODE,
  /**
   * One process a device, told its place by {@code MASTER_ADDR}, {@code RANK} and so on (PyTorch's
   * {@code env://}).
   */
  PROCESS_PER_DEVICE
}
