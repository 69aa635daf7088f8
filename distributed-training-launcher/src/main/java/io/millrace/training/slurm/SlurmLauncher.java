package io.millrace.training.slurm;

import io.millrace.training.RunHandle;
import io.millrace.training.TrainingLauncher;
import io.millrace.training.TrainingRun;
import io.millrace.training.gang.GangLauncher;
import io.millrace.training.gang.LaunchSettings;
import java.time.Clock;
import java.util.List;

/**
 * Runs jobs on nodes that Slurm gives: each attempt is a Slurm job of its own, with one task a node
 * that starts the node's processes.
 *
 * <p>The directory of runs, the code's copies in it, inputs and outputs have to be at the same path
 * on the launcher's machine and on every node (a shared file system, as clusters with Slurm have).
 * Nodes must be able to connect to the launcher. A run lives as long as this JVM: if it ends,
 * however it ends, the Slurm job ends too.
 */
public final class SlurmLauncher implements TrainingLauncher {
  private final GangLauncher launcher;

  public SlurmLauncher(LaunchSettings settings, SlurmSettings slurm, Clock clock) {
    this.launcher = new GangLauncher(settings, new SlurmNodes(slurm), job -> List.of(), clock);
  }

  @Override
  public RunHandle launch(TrainingRun run) {
    return launcher.launch(run);
  }
}
