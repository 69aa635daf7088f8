package io.millrace.training.kubernetes;

import io.millrace.training.GangMember;
import io.millrace.training.GangPlacement;
import io.millrace.training.GangProcess;
import io.millrace.training.GangProcesses;
import io.millrace.training.ProcessLayout;
import io.millrace.training.Rank;
import io.millrace.training.TrainingRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@link GangProcesses} gives to each node, in the form in which a pod starts it. Nothing else
 * of this back end knows the contract.
 *
 * @param nodes the processes of each node
 * @param overridden names of variables whose usual value the job's own environment replaces
 */
record NodeContract(List<List<NodeProcess>> nodes, List<String> overridden) {

  /** The contract of a run for nodes at those places. */
  static NodeContract of(TrainingRun run, GangPlacement placement) {
    List<List<NodeProcess>> nodes = new ArrayList<>();
    placement.nodes().forEach(node -> nodes.add(new ArrayList<>()));
    // Processes share most values, and the list of all addresses is long.
    Map<String, String> shared = new HashMap<>();
    Set<String> overridden = new TreeSet<>();
    for (GangProcess process : GangProcesses.of(run, placement)) {
      Map<String, String> environment = new HashMap<>();
      process
          .environment()
          .forEach(
              (name, value) -> environment.put(name, shared.computeIfAbsent(value, key -> key)));
      nodes
          .get(process.member().node())
          .add(
              new NodeProcess(
                  nameOf(process.member(), run.job().layout()),
                  process.command(),
                  process.directory(),
                  environment));
      overridden.addAll(process.overridden());
    }
    return new NodeContract(nodes, List.copyOf(overridden));
  }

  private static String nameOf(GangMember member, ProcessLayout layout) {
    if (!(member instanceof Rank rank)) {
      return "scheduler";
    }
    return layout.isByTool() ? layout.displayName() : "rank " + rank.value();
  }
}
