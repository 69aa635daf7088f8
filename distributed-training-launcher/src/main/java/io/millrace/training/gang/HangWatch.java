package io.millrace.training.gang;

import io.millrace.training.DaemonThreads;
import io.millrace.training.Rank;
import io.millrace.training.TrainingRun;
import io.millrace.training.hang.HangChange;
import io.millrace.training.hang.HangDetector;
import io.millrace.training.hang.HangSettings;
import io.millrace.training.hang.Observation;
import io.millrace.training.hang.Vitals;
import io.millrace.training.watch.RunEvent;
import java.io.Closeable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the processes of one attempt once a period and writes down when they seem to hang, and
 * when they recover. It has a thread of its own: outputs on a lost file server, which a run may
 * hang for, would hold up any other.
 */
final class HangWatch implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(HangWatch.class);

  private final List<Rank> ranks;
  private final Gang gang;
  private final HangSettings settings;
  private final RunJournal journal;
  private final Function<Rank, List<Double>> devices;
  private final Consumer<String> stop;
  private final HangDetector detector;
  private final ScheduledExecutorService looks;
  private Future<?> round = CompletableFuture.completedFuture(null);

  /**
   * Watches nothing before it is started.
   *
   * @param gang fully started
   * @param devices what was sampled of the devices of a rank since it was last asked, in percent
   * @param stop told why the job is to be stopped, if the settings want that
   */
  HangWatch(
      TrainingRun run,
      Gang gang,
      HangSettings settings,
      RunJournal journal,
      Function<Rank, List<Double>> devices,
      Consumer<String> stop) {
    this.ranks = Rank.of(run.job());
    this.gang = gang;
    this.settings = settings;
    this.journal = journal;
    this.devices = devices;
    this.stop = stop;
    this.detector = new HangDetector(settings);
    this.looks = DaemonThreads.scheduler("hang-" + run.displayName());
  }

  /** Begins to look. */
  void start() {
    long begin = System.nanoTime();
    round =
        looks.scheduleWithFixedDelay(
            () -> look(Instant.EPOCH.plusNanos(System.nanoTime() - begin)),
            settings.period().toNanos(),
            settings.period().toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private void look(Instant now) {
    try {
      SortedMap<Integer, Vitals> seen = new TreeMap<>();
      gang.vitals()
          .forEach(
              (rank, vitals) ->
                  seen.put(rank.value(), vitals.withDeviceUtilisation(devices.apply(rank))));
      detector.observe(new Observation(now, seen)).ifPresent(this::tell);
    } catch (RuntimeException e) {
      LOG.warn("Cannot look for hung processes: {}", e.toString());
    }
  }

  private void tell(HangChange change) {
    if (change instanceof HangChange.Suspected suspected) {
      String message = sentence(suspected);
      journal.add(RunEvent.Type.HUNG, message);
      if (settings.action() == HangSettings.Action.STOP) {
        stop.accept(message);
      }
    } else if (change instanceof HangChange.Recovered recovered) {
      journal.add(
          RunEvent.Type.RECOVERED,
          String.format(
              Locale.ROOT,
              "Processes show signs of life again, %.1f s after the hang was suspected",
              recovered.after().toMillis() / 1000.0));
    }
  }

  private String sentence(HangChange.Suspected suspected) {
    return String.format(
        Locale.ROOT,
        "Suspected hang: %s, for %d periods of %.1f s: %s",
        suspected.sign().words(),
        suspected.periods(),
        settings.period().toMillis() / 1000.0,
        suspected.ranks().stream()
            .map(rank -> ranks.get(rank).toString())
            .collect(Collectors.joining(", ")));
  }

  /** Ends the looks; waits for one that goes on, so that no event follows. */
  @Override
  public void close() {
    round.cancel(false);
    looks.shutdown();
    try {
      if (!looks.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("A look for hung processes does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
