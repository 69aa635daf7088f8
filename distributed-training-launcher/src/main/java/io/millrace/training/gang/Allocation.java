package io.millrace.training.gang;

import java.util.List;
import java.util.Optional;

/** The nodes of one attempt of a run. */
public interface Allocation extends AutoCloseable {

  /** In order of their numbers. */
  List<GangNode> nodes();

  /** Why they were taken away while the run went on; empty if they were not. */
  default Optional<String> takenAway() {
    return Optional.empty();
  }

  /** Gives the nodes back; what still runs on them is killed. */
  @Override
  void close();
}
