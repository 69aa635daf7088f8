package io.millrace.training.gang;

import java.util.List;

/** The nodes of one attempt of a run. */
public interface Allocation extends AutoCloseable {

  /** In order of their numbers. */
  List<GangNode> nodes();

  /** Gives the nodes back; what still runs on them is killed. */
  @Override
  void close();
}
