package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import io.millrace.training.DaemonThreads;
import io.millrace.training.Rank;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what the processes of one attempt use, once a period, and writes it down. It has a
 * thread of its own, and never disturbs the run: what fails is logged.
 */
public final class UtilisationSampler implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(UtilisationSampler.class);

  /** How many looks at devices are kept for a hang detection that does not come for them. */
  private static final int MOST_KEPT = 10_000;

  private final Supplier<Map<Rank, Long>> processes;
  private final UtilisationSource source;
  private final Function<Rank, List<Integer>> devices;
  private final UtilisationLog log;
  private final UtilisationSettings settings;
  private final Clock clock;
  private final ScheduledExecutorService looks;
  private final Map<Rank, Deque<Double>> untaken = new HashMap<>();
  private Future<?> round = CompletableFuture.completedFuture(null);
  private boolean failed;

  /**
   * Samples nothing before it is started.
   *
   * @param runName names its thread
   * @param processes that of each rank that runs, by the number its node gave it; asked from
   *     another thread
   * @param source closed with the sampler
   * @param devices those of each rank, as the tools on its machine count them
   * @param log stays open when the sampler is closed: attempts of a run share it
   */
  public UtilisationSampler(
      String runName,
      Supplier<Map<Rank, Long>> processes,
      UtilisationSource source,
      Function<Rank, List<Integer>> devices,
      UtilisationLog log,
      UtilisationSettings settings,
      Clock clock) {
    this.processes = requireNonNull(processes, "processes is null");
    this.source = requireNonNull(source, "source is null");
    this.devices = requireNonNull(devices, "devices is null");
    this.log = requireNonNull(log, "log is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.looks = DaemonThreads.scheduler("utilisation-" + runName);
  }

  /** Begins to look: at once to remember, after a tenth of a period, and then once a period. */
  public void start() {
    Instant begin = clock.instant();
    long beginNanos = System.nanoTime();
    Supplier<Instant> now = () -> begin.plusNanos(System.nanoTime() - beginNanos);
    looks.execute(() -> look(now.get(), false));
    long period = settings.period().toNanos();
    round =
        looks.scheduleWithFixedDelay(
            () -> look(now.get(), true), period / 10, period, TimeUnit.NANOSECONDS);
  }

  private void look(Instant now, boolean written) {
    try {
      UtilisationLook look = source.look(now, processes.get());
      if (written && !look.isEmpty()) {
        remember(look);
        log.add(look);
      }
    } catch (IOException | RuntimeException e) {
      if (!failed) {
        LOG.warn("Cannot sample utilisation: {}", e.toString());
      }
      failed = true;
    }
  }

  private synchronized void remember(UtilisationLook look) {
    for (MachineLook machine : look.machines().values()) {
      Map<Integer, Double> byIndex = new HashMap<>();
      machine
          .devices()
          .forEach(each -> each.utilisation().ifPresent(busy -> byIndex.put(each.index(), busy)));
      untaken.forEach(
          (rank, kept) -> {
            if (machine.nodes().containsKey(rank.node())) {
              devices.apply(rank).stream()
                  .filter(byIndex::containsKey)
                  .forEach(index -> keep(kept, byIndex.get(index)));
            }
          });
    }
  }

  private static void keep(Deque<Double> kept, double percent) {
    kept.addLast(percent);
    if (kept.size() > MOST_KEPT) {
      kept.removeFirst();
    }
  }

  /**
   * What was sampled of the devices of a rank since this was last asked for it, in percent: what
   * hang detection wants to know ({@link io.millrace.training.hang.Vitals#deviceUtilisation}). Any
   * thread may ask; the first time there is nothing yet.
   */
  public synchronized List<Double> takeDeviceUtilisation(Rank rank) {
    Deque<Double> kept = untaken.computeIfAbsent(rank, each -> new ArrayDeque<>());
    List<Double> taken = new ArrayList<>(kept);
    kept.clear();
    return taken;
  }

  /** Ends the looks; waits for one that goes on, so that none follows. */
  @Override
  public void close() {
    round.cancel(false);
    source.close();
    looks.shutdown();
    try {
      if (!looks.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.warn("A look at utilisation does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
