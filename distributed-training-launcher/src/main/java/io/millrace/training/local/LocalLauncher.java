package io.millrace.training.local;

import io.millrace.training.RunHandle;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingLauncher;
import io.millrace.training.TrainingRun;
import io.millrace.training.hang.LinuxVitals;
import io.millrace.training.watch.LauncherProcess;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunRegistry;
import io.millrace.training.watch.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs every node of a job on this machine, in directories and processes of its own.
 *
 * <p>A run lives as long as this JVM: if the JVM is told to end (SIGTERM, Ctrl-C), its runs are
 * stopped first, grace included; if it is killed, their processes are killed along with it.
 */
public final class LocalLauncher implements TrainingLauncher {
  private static final Logger LOG = LoggerFactory.getLogger(LocalLauncher.class);

  private final LocalSettings settings;
  private final Clock clock;
  private final LinuxVitals vitals;

  public LocalLauncher(LocalSettings settings, Clock clock) {
    this(settings, clock, LinuxVitals.ofThisMachine());
  }

  LocalLauncher(LocalSettings settings, Clock clock, LinuxVitals vitals) {
    this.settings = settings;
    this.clock = clock;
    this.vitals = vitals;
  }

  @Override
  public RunHandle launch(TrainingRun run) {
    RunRegistry registry = RunRegistry.at(settings.runsRoot());
    StateFile created =
        new StateFile(RunStatus.creating(clock.instant()), LauncherProcess.current());
    try {
      List<String> problems =
          new ArrayList<>(LocalPreflight.problems(run.job(), settings.runsRoot()));
      problems.addAll(registry.outputsInUse(run));
      if (!problems.isEmpty()) {
        throw TrainingException.cannotStart(run.job().name(), problems);
      }
      RunDirectory directory = registry.register(run, created);
      LocalRun local = new LocalRun(run, settings, directory, created, clock, vitals);
      local.start();
      LOG.info(
          "Launched {} on {} nodes in {}", run.displayName(), run.job().nodes(), directory.root());
      return local;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot start training job '%s' in %s".formatted(run.job().name(), settings.runsRoot()),
          e);
    }
  }
}
