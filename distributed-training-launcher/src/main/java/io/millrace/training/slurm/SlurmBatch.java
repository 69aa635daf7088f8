package io.millrace.training.slurm;

import io.millrace.training.TrainingRun;
import io.millrace.training.agent.AgentScript;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The Slurm job of one attempt: a step that starts one agent on each node. */
final class SlurmBatch {
  private final TrainingRun run;
  private final SlurmSettings settings;

  SlurmBatch(TrainingRun run, SlurmSettings settings) {
    this.run = run;
    this.settings = settings;
  }

  /**
   * The arguments of sbatch.
   *
   * @param isolated nodes that are not to be taken
   * @param log takes what the agents and Slurm itself say
   */
  List<String> arguments(Path script, Path log, Set<String> isolated) {
    int nodes = run.job().nodes();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "sbatch",
                "--parsable",
                "--no-requeue",
                "--job-name=" + run.clusterName(),
                "--nodes=" + nodes,
                "--ntasks=" + nodes,
                "--ntasks-per-node=1",
                "--output=" + log));
    settings.partition().ifPresent(name -> arguments.add("--partition=" + name));
    settings
        .gres()
        .ifPresent(name -> arguments.add("--gres=" + name + ":" + run.job().devicesPerNode()));
    settings.cpusPerNode().ifPresent(cpus -> arguments.add("--cpus-per-task=" + cpus));
    settings.memoryPerNode().ifPresent(memory -> arguments.add("--mem=" + memory));
    if (!isolated.isEmpty()) {
      arguments.add("--exclude=" + isolated.stream().sorted().collect(Collectors.joining(",")));
    }
    arguments.addAll(settings.options());
    arguments.add(script.toString());
    return List.copyOf(arguments);
  }

  /**
   * The batch script. It holds no secret: the token of the agents comes by the environment.
   *
   * @param hosts under which the launcher can be reached at that port
   */
  String script(Path agent, List<String> hosts, int port) {
    String devices =
        settings.gres().isPresent()
            ? "${CUDA_VISIBLE_DEVICES:-${ASCEND_RT_VISIBLE_DEVICES:-}}"
            : "";
    String start =
        "MILLRACE_AGENT_HOST=\"$SLURMD_NODENAME\" MILLRACE_AGENT_DEVICES=\"%s\" exec "
                .formatted(devices)
            + AgentScript.command(settings.python(), agent, "$SLURM_NODEID", hosts, port).stream()
                .map(word -> word.equals("$SLURM_NODEID") ? word : quoted(word))
                .collect(Collectors.joining(" "));
    return """
        #!/bin/sh
        # One agent on each node; it starts the processes of %s when the launcher says so.
        exec srun --ntasks=%d --ntasks-per-node=1 --kill-on-bad-exit=0 --wait=0 --input=none \\
          /bin/sh -c %s
        """
        .formatted(run.displayName(), run.job().nodes(), quoted(start));
  }

  /** A word as a shell takes it literally. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
