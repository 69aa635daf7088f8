package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;

/**
 * The contract between a job and its processes, the same on every back end: which processes there
 * are, and the command line, directory and environment of each. The README's tables say what each
 * variable and argument means.
 */
public final class GangProcesses {

  /**
   * Variables that other launchers set. A process must not inherit them: a script would take itself
   * for a member of that other job.
   */
  public static final Set<String> NEVER_INHERITED =
      Set.of(
          "MASTER_ADDR",
          "MASTER_PORT",
          "WORLD_SIZE",
          "RANK",
          "LOCAL_RANK",
          "LOCAL_WORLD_SIZE",
          "GROUP_RANK",
          "GROUP_WORLD_SIZE",
          "ROLE_RANK",
          "ROLE_WORLD_SIZE",
          "ROLE_NAME",
          "TORCHELASTIC_RUN_ID",
          "TORCHELASTIC_RESTART_COUNT",
          "TORCHELASTIC_MAX_RESTARTS",
          "TORCHELASTIC_USE_AGENT_STORE",
          "MS_ROLE",
          "MS_WORKER_NUM",
          "MS_SCHED_HOST",
          "MS_SCHED_PORT",
          "MS_NODE_ID",
          "MS_WORKER_IP",
          "RANK_TABLE_FILE",
          "RANK_SIZE",
          "RANK_ID",
          "DEVICE_ID",
          "ASCEND_DEVICE_ID",
          "JOB_ID");

  /** Seconds that MindSpore's scheduler waits for all workers; its own default without msrun. */
  private static final int CLUSTER_TIME_OUT = 1800;

  private static final String SCHEDULER = "from mindspore.communication import init; init()";

  /** Runs what follows with the first argument put before the search path. */
  private static final String WITH_PATH = "PATH=\"$0${PATH:+:$PATH}\"; export PATH; exec \"$@\"";

  private GangProcesses() {}

  /**
   * Every process of a run: the ranks in order, and the scheduler, if there is one, before them.
   * Depends on nothing but its arguments.
   */
  public static List<GangProcess> of(TrainingRun run, GangPlacement placement) {
    TrainingJob job = run.job();
    check(job, placement);
    ProcessEnvironment environment = new ProcessEnvironment(run, placement);
    List<GangProcess> processes = new ArrayList<>();
    if (job.layout() == ProcessLayout.DYNAMIC_CLUSTER) {
      ClusterScheduler scheduler = new ClusterScheduler(0);
      processes.add(
          process(
              job,
              placement,
              scheduler,
              List.of(placement.nodes().get(0).python(), "-c", SCHEDULER),
              environment.of(scheduler)));
    }
    for (Rank rank : Rank.of(job)) {
      processes.add(
          process(job, placement, rank, command(run, placement, rank), environment.of(rank)));
    }
    return List.copyOf(processes);
  }

  private static void check(TrainingJob job, GangPlacement placement) {
    checkArgument(
        placement.nodes().size() == job.nodes(),
        "Invalid placement: %s nodes (expected %s, as the job has)",
        placement.nodes().size(),
        job.nodes());
    for (NodePlacement node : placement.nodes()) {
      checkArgument(
          node.devices().isEmpty()
              || job.resources().deviceType() == DeviceType.CPU
              || node.devices().size() == job.devicesPerNode(),
          "Invalid placement: node %s has the devices %s (expected %s, as the job wants)",
          node.address(),
          node.devices(),
          job.devicesPerNode());
      for (TrainingInput input : job.inputs()) {
        checkArgument(
            node.inputs().containsKey(input.name()),
            "Invalid placement: node %s has no directory of input %s",
            node.address(),
            input.name());
      }
    }
  }

  /** What the job's own environment replaces is told, so that nobody looks for it in vain. */
  private static GangProcess process(
      TrainingJob job,
      GangPlacement placement,
      GangMember member,
      List<String> command,
      NavigableMap<String, String> environment) {
    List<String> overridden =
        job.environment().keySet().stream().filter(environment::containsKey).sorted().toList();
    environment.putAll(job.environment());
    Path directory = placement.nodes().get(member.node()).layout().workingDirectory(job);
    return new GangProcess(member, command, directory, environment, overridden);
  }

  private static List<String> command(TrainingRun run, GangPlacement placement, Rank rank) {
    TrainingJob job = run.job();
    NodePlacement node = placement.nodes().get(rank.node());
    List<String> command = new ArrayList<>();
    if (job.algorithm() instanceof Algorithm.UserCommand user) {
      command.addAll(List.of("/bin/bash", "-c", user.command(), job.name()));
    } else if (job.algorithm() instanceof Algorithm.BootFile boot) {
      command.addAll(
          switch (job.layout()) {
            case PROCESS_PER_NODE, PROCESS_PER_DEVICE, RANK_TABLE, DYNAMIC_CLUSTER ->
                List.of(node.python());
            case TORCHRUN -> torchrun(run, placement, rank);
            case MSRUN -> msrun(job, placement, rank);
          });
      command.add(node.layout().codeDirectory(job).resolve(boot.file()).toString());
    }
    command.addAll(ScriptArguments.of(job, placement, rank));
    return command;
  }

  /**
   * The static rendezvous: ranks are counted in the order of the nodes, as everywhere else, while
   * c10d hands them out as the nodes come. What c10d has beyond, other nodes in place of lost ones,
   * is the launcher's own work.
   */
  private static List<String> torchrun(TrainingRun run, GangPlacement placement, Rank rank) {
    return List.of(
        placement.nodes().get(rank.node()).python(),
        "-c",
        ToolPrograms.TORCHRUN,
        "--nnodes=" + run.job().nodes(),
        "--nproc_per_node=" + run.job().devicesPerNode(),
        "--node_rank=" + rank.node(),
        "--rdzv_backend=static",
        "--rdzv_id=" + run.id(),
        "--master_addr=" + placement.master().host(),
        "--master_port=" + placement.master().port(),
        "--max_restarts=0",
        // seconds; its default, up to 5, would let the others wait so long for a dead process
        "--monitor_interval=1");
  }

  private static List<String> msrun(TrainingJob job, GangPlacement placement, Rank rank) {
    NodePlacement node = placement.nodes().get(rank.node());
    List<String> command = new ArrayList<>();
    Path bin = Path.of(node.python()).getParent();
    if (bin != null) {
      // msrun looks for python3 on the search path, whichever interpreter it runs in
      command.addAll(List.of("/bin/sh", "-c", WITH_PATH, bin.toString()));
    }
    command.addAll(
        List.of(
            node.python(),
            "-c",
            ToolPrograms.MSRUN,
            "--worker_num=" + job.nodes() * job.devicesPerNode(),
            "--local_worker_num=" + job.devicesPerNode(),
            "--master_addr=" + placement.master().host(),
            "--master_port=" + placement.master().port(),
            "--node_rank=" + rank.node(),
            "--log_dir="
                + node.layout()
                    .logDirectory()
                    .resolve("mindspore")
                    .resolve("worker_" + rank.node()),
            "--join=True",
            "--cluster_time_out=" + CLUSTER_TIME_OUT,
            "python3"));
    return command;
  }

  /** Read once, and only for jobs that need them. */
  private static final class ToolPrograms {
    private static final String STARTED_RANKS = shipped("started_ranks.py");
    static final String TORCHRUN =
        shipped("torch_redirects.py") + STARTED_RANKS + shipped("torchrun.py");
    static final String MSRUN = STARTED_RANKS + shipped("msrun.py");

    private static String shipped(String name) {
      return ShippedText.of(GangProcesses.class, name);
    }
  }
}
