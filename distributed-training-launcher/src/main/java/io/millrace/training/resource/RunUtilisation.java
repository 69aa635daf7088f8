package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import io.millrace.training.Rank;
import io.millrace.training.TrainingRun;
import io.millrace.training.watch.RunDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The utilisation of one run whose nodes are all on this machine, over all of its attempts: what a
 * back end opens with the run, samples each attempt with, and asks at the end.
 */
public final class RunUtilisation implements Closeable {
  private final TrainingRun run;
  private final RunDirectory directory;
  private final UtilisationSettings settings;
  private final Clock clock;
  private final UtilisationSource source;
  private final JobDevices devices;
  private final UtilisationLog log;

  private RunUtilisation(
      TrainingRun run,
      RunDirectory directory,
      UtilisationSettings settings,
      Clock clock,
      Consumer<String> notes)
      throws IOException {
    this.run = requireNonNull(run, "run is null");
    this.directory = requireNonNull(directory, "directory is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.devices = JobDevices.of(run.job(), System.getenv());
    this.source = LinuxUtilisation.ofThisMachine(run.job().nodes(), devices, notes);
    this.log = new UtilisationLog(directory.utilisationFile(), settings.limits());
  }

  /**
   * Opens the run's file; nothing is sampled yet.
   *
   * @param notes told, once each, what cannot be sampled and why
   */
  public static RunUtilisation open(
      TrainingRun run,
      RunDirectory directory,
      UtilisationSettings settings,
      Clock clock,
      Consumer<String> notes)
      throws IOException {
    return new RunUtilisation(run, directory, settings, clock, notes);
  }

  /**
   * Samples one attempt, once it is started; close it when the attempt ends.
   *
   * @param processes those of each rank that runs, asked from another thread
   */
  public UtilisationSampler sampler(Supplier<Map<Rank, List<Long>>> processes) {
    return new UtilisationSampler(
        run.displayName(), processes, source, devices, log, settings, clock);
  }

  /** A warning if the run, now that it has ended, used little of what it had. */
  public Optional<String> warning() throws IOException {
    return UtilisationSummary.of(UtilisationLog.read(directory.utilisationFile()))
        .warning(devices, settings.lowPercent());
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
