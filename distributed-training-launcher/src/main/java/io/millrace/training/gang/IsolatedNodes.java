package io.millrace.training.gang;

import io.millrace.training.watch.RunEvent;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The machines that have failed a run, which it does not ask for again. */
final class IsolatedNodes {
  private final Set<String> hosts = new TreeSet<>();

  /** Their names, as their back end has them; grows with them. */
  Set<String> hosts() {
    return Collections.unmodifiableSet(hosts);
  }

  /** Isolates a node's machine, and says so the first time. */
  void add(int node, GangNode machine, RunJournal journal) {
    if (hosts.add(machine.host())) {
      journal.addOfNode(
          node,
          RunEvent.Type.NODE_ISOLATED,
          "Node %s is isolated for this run".formatted(machine.host()));
    }
  }

  /** Isolates the machine of a loss. */
  void add(NodeLostException loss, List<GangNode> machines, RunJournal journal) {
    for (int node = 0; node < machines.size(); node++) {
      if (machines.get(node).host().equals(loss.host())) {
        add(node, machines.get(node), journal);
      }
    }
  }

  /**
   * Isolates the machines of processes that were lost, unless the launcher had told them to end.
   */
  void addLost(List<RankEnd> ends, List<GangNode> machines, RunJournal journal) {
    for (RankEnd end : ends) {
      if (end.cause() instanceof RankEnd.Lost && end.asked() == RankEnd.Asked.NO) {
        int node = end.member().node();
        add(node, machines.get(node), journal);
      }
    }
  }
}
