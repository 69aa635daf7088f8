package io.millrace.training.watch;

import io.millrace.training.GangMember;
import io.millrace.training.NodeSetup;
import io.millrace.training.NodeTool;
import io.millrace.training.Rank;
import io.millrace.training.TrainingRun;
import java.nio.file.Path;

/**
 * The files of one run.
 *
 * <pre>
 * NAME-ID/spec.json                                           the job
 *         state.json                                          how the run stands; replaced as a whole
 *         launch.json                                         back end and its options, where a command has noted them
 *         launcher.log                                        what a launcher printed that nobody waits for
 *         events.jsonl                                        one event a line
 *         utilisation.jsonl                                   one look at the processes and devices a line
 *         metrics/OUTPUT.json                                 the metrics.json of an output
 *         logs/modelarts-job-ID-worker-N.log                  all of a node
 *         logs/modelarts-job-ID-proc-rank-R-device-D.txt      one process
 *         logs/modelarts-job-ID-proc-scheduler.txt            MindSpore's scheduler
 *         code/                                               code that was fetched, until the run ends
 *         nodes/worker-N/                                     the node's code and outputs
 * </pre>
 */
public record RunDirectory(Path root) {

  public static RunDirectory of(Path runsRoot, TrainingRun run) {
    return new RunDirectory(runsRoot.resolve(run.displayName()));
  }

  public Path specFile() {
    return root.resolve("spec.json");
  }

  public Path stateFile() {
    return root.resolve("state.json");
  }

  /** By which back end the run was started, with which options of it. */
  public Path launchFile() {
    return root.resolve("launch.json");
  }

  /** What the run's launcher printed, if it is a process that nobody waits for. */
  public Path launcherLog() {
    return root.resolve("launcher.log");
  }

  public Path eventFile() {
    return root.resolve("events.jsonl");
  }

  /** What the run's processes and devices used; rotated to {@code utilisation.jsonl.1}. */
  public Path utilisationFile() {
    return root.resolve("utilisation.jsonl");
  }

  /** What the script wrote into an output as {@code metrics.json}, kept when the run ended. */
  public Path metricsFile(String output) {
    return root.resolve("metrics").resolve(output + ".json");
  }

  /** Where the run's report page is written unless another place is given. */
  public Path reportFile() {
    return root.resolve("report.html");
  }

  public Path logDirectory() {
    return root.resolve("logs");
  }

  public Path workerLog(TrainingRun run, int node) {
    return logDirectory().resolve(run.instanceName(node) + ".log");
  }

  /** Processes that a tool starts share its log. */
  public Path processLog(TrainingRun run, GangMember member) {
    String name = "scheduler";
    if (member instanceof NodeTool || (member instanceof Rank && run.job().layout().isByTool())) {
      name = "rank-%d-device-0".formatted(member.node());
    } else if (member instanceof Rank rank) {
      name = "rank-%d-device-%d".formatted(rank.value(), rank.local());
    } else if (member instanceof NodeSetup) {
      name = "preparation-" + member.node();
    }
    return logDirectory().resolve("%s-proc-%s.txt".formatted(run.clusterName(), name));
  }

  /** Code that lies on a storage, as the run has fetched it for its nodes. */
  public Path codeSnapshot() {
    return root.resolve("code");
  }

  /** Holds a directory for each node. */
  public Path nodesDirectory() {
    return root.resolve("nodes");
  }

  public Path nodeHome(int node) {
    return nodesDirectory().resolve("worker-" + node);
  }

  /** Exists once another process has asked the run to stop. */
  public Path stopRequest() {
    return root.resolve("stop-requested");
  }

  /** Exists once another process has asked to kill the run. */
  public Path killRequest() {
    return root.resolve("kill-requested");
  }
}
