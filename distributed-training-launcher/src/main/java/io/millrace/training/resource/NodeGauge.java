package io.millrace.training.resource;

import io.millrace.training.TrainingJob;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The way to the figures of one node: its processes, the machine under it, its devices. */
public interface NodeGauge {

  /** What is under the node, maybe along with other nodes. */
  Machine machine();

  /** Cores of the machine, as far as the node may use them. */
  int cores();

  /** The devices that the node's processes use, as the tools on its machine count them. */
  JobDevices devices(TrainingJob job);

  /** Why nothing can be told of processes there; empty if it can. */
  Optional<String> problem();

  /**
   * Asks for what is counted now. Does not wait for the node.
   *
   * @param supervised processes that the node has started, by the numbers it gave them: all that
   *     they have started is counted, they themselves are not
   * @param tools to be asked of devices, as far as the machine has them
   * @return completed exceptionally if the node is lost or cannot tell; whoever has waited for long
   *     enough may leave it
   */
  CompletableFuture<NodeReading> read(List<Long> supervised, Set<VendorTool> tools);
}
