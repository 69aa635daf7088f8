package io.millrace.training.local;

import io.millrace.training.ProcessLayout;
import io.millrace.training.RunHandle;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingLauncher;
import io.millrace.training.TrainingRun;
import io.millrace.training.gang.GangLauncher;
import io.millrace.training.gang.LaunchSettings;
import io.millrace.training.hang.LinuxVitals;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs every node of a job on this machine, in directories and processes of its own.
 *
 * <p>A run lives as long as this JVM: if the JVM is told to end (SIGTERM, Ctrl-C), its runs are
 * stopped first, grace included; if it is killed, their processes are killed along with it.
 */
public final class LocalLauncher implements TrainingLauncher {
  /** More processes than this on one machine are a slip of the pen. */
  static final int MAX_PROCESSES = 128;

  private final GangLauncher launcher;

  /**
   * A launcher.
   *
   * @param python runs the scripts
   */
  public LocalLauncher(LaunchSettings settings, PythonInterpreter python, Clock clock) {
    this(settings, python, clock, LinuxVitals.ofThisMachine());
  }

  LocalLauncher(
      LaunchSettings settings, PythonInterpreter python, Clock clock, LinuxVitals vitals) {
    this.launcher =
        new GangLauncher(
            settings, new LocalNodes(python, vitals), LocalLauncher::problemsOf, clock);
  }

  @Override
  public RunHandle launch(TrainingRun run) {
    return launcher.launch(run);
  }

  static List<String> problemsOf(TrainingJob job) {
    List<String> problems = new ArrayList<>();
    if (job.layout() == ProcessLayout.RANK_TABLE && job.nodes() > 1) {
      problems.add(
          "%d nodes with a rank table would share this machine's devices, and a device has one rank. Give one node with more devices."
              .formatted(job.nodes()));
    }
    if (job.layout() == ProcessLayout.MSRUN && job.nodes() > 1) {
      problems.add(
          "%d nodes with msrun on one machine would each start MindSpore's scheduler, as they have the same address. Give one node with more devices, or use dynamic-cluster."
              .formatted(job.nodes()));
    }
    int processes = job.scriptProcesses();
    if (processes > MAX_PROCESSES) {
      problems.add(
          "%d nodes and %d devices each are %d processes, and the local back end starts at most %d. Give fewer nodes or devices."
              .formatted(job.nodes(), job.devicesPerNode(), processes, MAX_PROCESSES));
    }
    return List.copyOf(problems);
  }
}
