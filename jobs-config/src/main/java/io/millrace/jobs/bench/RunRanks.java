package io.millrace.jobs.bench;

import io.millrace.dataset.StorageUri;
import io.millrace.training.ProcessLayout;
import io.millrace.training.RunHandle;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingOutput;
import io.millrace.training.TrainingRun;
import io.millrace.training.gang.LaunchSettings;
import io.millrace.training.local.LocalLauncher;
import io.millrace.training.local.PythonInterpreter;
import java.time.Clock;
import java.time.Duration;

/** A run of our launcher in this Java, as everybody gets it but for a shorter grace. */
record RunRanks(RunHandle run) implements StartedRanks {
  private static final Duration GRACE = Duration.ofSeconds(5);

  static StartedRanks start(RankJob job, PythonInterpreter python) {
    TrainingJob.Builder builder =
        TrainingJob.builder("bench", job.code(), RankJob.SCRIPT)
            .devicesPerNode(job.ranks())
            .layout(ProcessLayout.PROCESS_PER_DEVICE)
            .output(TrainingOutput.of(RankJob.CHECKPOINTS, StorageUri.of(job.checkpoints())));
    job.parameters().forEach(builder::parameter);
    RankJob.ENVIRONMENT.forEach(builder::environment);
    LaunchSettings settings = LaunchSettings.of(job.home().resolve("runs")).withGrace(GRACE);
    return new RunRanks(
        new LocalLauncher(settings, python, Clock.systemUTC())
            .launch(TrainingRun.of(builder.build())));
  }

  @Override
  public boolean isOver() {
    return run.state().isTerminal();
  }

  @Override
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return run.awaitTerminal(patience).isTerminal();
  }

  @Override
  public String lastWords() {
    return run.status().message().orElse(run.state().displayName());
  }

  @Override
  public void close() {
    try {
      run.stop();
      if (!awaitEnd(GRACE.multipliedBy(2))) {
        run.kill();
        awaitEnd(GRACE.multipliedBy(4));
      }
    } catch (InterruptedException e) {
      run.kill();
      Thread.currentThread().interrupt();
    }
  }
}
