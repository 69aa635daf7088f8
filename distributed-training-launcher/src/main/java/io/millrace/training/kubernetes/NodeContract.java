package io.millrace.training.kubernetes;

import io.millrace.training.GangPlacement;
import io.millrace.training.NodeLayout;
import io.millrace.training.Rank;
import io.millrace.training.RankEnvironment;
import io.millrace.training.RankProcess;
import io.millrace.training.TrainingRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link RankEnvironment} gives to each node, in the form in which a pod starts it. Nothing
 * else of this back end knows the contract.
 *
 * @param nodes the processes of each node
 * @param overridden names of variables whose usual value the job's own environment replaces
 */
record NodeContract(List<List<NodeProcess>> nodes, List<String> overridden) {

  /** The contract of a run for nodes at those places. */
  static NodeContract of(TrainingRun run, GangPlacement placement, String python) {
    List<List<NodeProcess>> nodes = new ArrayList<>();
    placement.nodes().forEach(node -> nodes.add(new ArrayList<>()));
    List<String> overridden = List.of();
    // Processes share most values, and the list of all addresses is long.
    Map<String, String> shared = new HashMap<>();
    for (Rank rank : Rank.of(run.job())) {
      RankProcess process = RankEnvironment.of(run, placement, rank);
      NodeLayout layout = placement.nodes().get(rank.node()).layout();
      List<String> command = new ArrayList<>();
      command.add(python);
      command.add(layout.codeDirectory(run.job()).resolve(run.job().bootFile()).toString());
      command.addAll(process.arguments());
      Map<String, String> environment = new HashMap<>();
      process
          .environment()
          .forEach(
              (name, value) -> environment.put(name, shared.computeIfAbsent(value, key -> key)));
      nodes
          .get(rank.node())
          .add(
              new NodeProcess(
                  Integer.toString(rank.value()),
                  command,
                  layout.codeDirectory(run.job()),
                  environment));
      overridden = process.overridden();
    }
    return new NodeContract(nodes, overridden);
  }
}
