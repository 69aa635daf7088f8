package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import io.millrace.training.Rank;
import io.millrace.training.TrainingRun;
import io.millrace.training.watch.RunDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The utilisation of one run over all of its attempts: what a back end opens with the run, samples
 * each attempt with, and asks at the end.
 */
public final class RunUtilisation implements Closeable {
  /** Longer than the tools of a node may take. */
  private static final Duration PATIENCE = VendorTool.TIMEOUT.plusSeconds(5);

  private final TrainingRun run;
  private final RunDirectory directory;
  private final UtilisationSettings settings;
  private final Clock clock;
  private final BiConsumer<Integer, String> notes;
  private final Set<String> noted = new HashSet<>();
  private final UtilisationLog log;

  private RunUtilisation(
      TrainingRun run,
      RunDirectory directory,
      UtilisationSettings settings,
      Clock clock,
      BiConsumer<Integer, String> notes)
      throws IOException {
    this.run = requireNonNull(run, "run is null");
    this.directory = requireNonNull(directory, "directory is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.notes = requireNonNull(notes, "notes is null");
    this.log = new UtilisationLog(directory.utilisationFile(), settings.limits());
  }

  /**
   * Opens the run's file; nothing is sampled yet.
   *
   * @param notes told, with the number of a node, what cannot be sampled there and why; each once,
   *     whatever the number of attempts
   */
  public static RunUtilisation open(
      TrainingRun run,
      RunDirectory directory,
      UtilisationSettings settings,
      Clock clock,
      BiConsumer<Integer, String> notes)
      throws IOException {
    return new RunUtilisation(run, directory, settings, clock, notes);
  }

  /**
   * Samples one attempt, once it is started; close it when the attempt ends.
   *
   * @param nodes of the attempt, in order
   * @param processes that of each rank that runs, by the number its node gave it; asked from
   *     another thread
   */
  public UtilisationSampler sampler(List<NodeGauge> nodes, Supplier<Map<Rank, Long>> processes) {
    NodesUtilisation source = new NodesUtilisation(run.job(), nodes, PATIENCE, this::noteOnce);
    return new UtilisationSampler(
        run.displayName(), processes, source, source::devicesOf, log, settings, clock);
  }

  private synchronized void noteOnce(int node, String note) {
    if (noted.add(node + note)) {
      notes.accept(node, note);
    }
  }

  /** A warning if the run, now that it has ended, used little of what it had. */
  public Optional<String> warning() throws IOException {
    return UtilisationSummary.of(UtilisationLog.read(directory.utilisationFile()))
        .warning(settings.lowPercent());
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
