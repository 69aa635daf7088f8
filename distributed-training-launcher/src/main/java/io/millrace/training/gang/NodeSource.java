package io.millrace.training.gang;

import io.millrace.training.TrainingException;
import java.io.IOException;
import java.util.Optional;

/** Where the nodes of a run come from: this machine, a Spark cluster, a scheduler's queue. */
public interface NodeSource {

  /**
   * Waits until all nodes that a run needs are there, all at once.
   *
   * @return the nodes, to be given back by closing them; empty if they are no longer wanted
   * @throws TrainingException if they cannot be had, saying why
   */
  Optional<Allocation> allocate(NodeRequest request) throws IOException, InterruptedException;
}
