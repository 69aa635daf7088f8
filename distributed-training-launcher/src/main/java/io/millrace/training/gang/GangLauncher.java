package io.millrace.training.gang;

import static java.util.Objects.requireNonNull;

import io.millrace.training.RunHandle;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingLauncher;
import io.millrace.training.TrainingRun;
import io.millrace.training.watch.LauncherProcess;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunRegistry;
import io.millrace.training.watch.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs on the nodes of a {@link NodeSource}.
 *
 * <p>A run lives as long as this JVM: if the JVM is told to end (SIGTERM, Ctrl-C), its runs are
 * stopped first, grace included; if it is killed, their processes are killed along with it.
 */
public final class GangLauncher implements TrainingLauncher {
  private static final Logger LOG = LoggerFactory.getLogger(GangLauncher.class);

  private final LaunchSettings settings;
  private final NodeSource source;
  private final Function<TrainingJob, List<String>> checks;
  private final Clock clock;

  /**
   * A launcher.
   *
   * @param checks tells what keeps a job from being run on that source, a sentence each
   */
  public GangLauncher(
      LaunchSettings settings,
      NodeSource source,
      Function<TrainingJob, List<String>> checks,
      Clock clock) {
    this.settings = requireNonNull(settings, "settings is null");
    this.source = requireNonNull(source, "source is null");
    this.checks = requireNonNull(checks, "checks is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public RunHandle launch(TrainingRun run) {
    RunRegistry registry = RunRegistry.at(settings.runsRoot());
    StateFile created =
        new StateFile(RunStatus.creating(clock.instant()), LauncherProcess.current());
    try {
      List<String> problems = new ArrayList<>(LaunchPreflight.problems(run.job(), settings));
      problems.addAll(checks.apply(run.job()));
      problems.addAll(registry.outputsInUse(run));
      if (!problems.isEmpty()) {
        throw TrainingException.cannotStart(run.job().name(), problems);
      }
      RunDirectory directory = registry.register(run, created);
      GangRun started = new GangRun(run, settings, directory, created, clock, source);
      started.start();
      LOG.info(
          "Launched {} on {} nodes in {}", run.displayName(), run.job().nodes(), directory.root());
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot start training job '%s' in %s".formatted(run.job().name(), settings.runsRoot()),
          e);
    }
  }
}
