package io.millrace.training.hang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.hang.HangChange.Recovered;
import io.millrace.training.hang.HangChange.Sign;
import io.millrace.training.hang.HangChange.Suspected;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Tells from one look at a job after the other whether the job hangs, by ModelArts' rule: as long
 * as any process reads or writes, the job lives; if none does for several periods, utilisation over
 * a window decides.
 *
 * <p>What decides, once nobody reads or writes:
 *
 * <ul>
 *   <li>A rank whose devices are busy is judged by them: their utilisation either changes in median
 *       or variance, or not.
 *   <li>A rank without devices, or whose devices are idle, is judged by its CPU time. It is silent
 *       if it uses next to none in every period, its main threads least of all. It may be spinning,
 *       waiting busily, if it uses a whole core or more without any change. Otherwise it computes.
 *   <li>If any rank computes, or if the utilisation of its devices changes, the job lives.
 *   <li>Otherwise the job hangs if a rank is silent, or if its devices do not change. Silent ranks
 *       are named rather than others: in a busy wait those that wait spin, and the one they wait
 *       for does nothing.
 *   <li>If every rank may be spinning, the job lives: a long step that computes looks just like
 *       that.
 * </ul>
 *
 * <p>Besides, a rank that is stopped by a signal at several looks in a row is a hang by itself. The
 * start and the end of a rank, and counters that go backwards, are signs of life.
 *
 * <p>Limits. A rank that sleeps through the whole time without a line of log, with less CPU time
 * than {@code idleMainPercent} in its main threads and {@code idleCpuPercent} in all, is taken for
 * hung; so is a job of which one rank computes evenly on whole cores, without reading or writing,
 * while another waits for it. A job in which every rank spins, or any waits by polling (PyTorch's
 * rendezvous does), is not found out without devices; neither is one with a helper that reads and
 * writes by itself, for instance to upload metrics, nor one whose spinning ranks share their cores
 * with others.
 *
 * <p>Not safe for use by several threads.
 */
public final class HangDetector {
  /** A busy wait takes a whole core, in percent, but for what the system takes for itself. */
  private static final double SPINNING_PERCENT = 90;

  private final HangSettings settings;
  private final SortedMap<Integer, RankHistory> histories = new TreeMap<>();
  private Optional<Observation> previous = Optional.empty();
  private int quiet;
  private Optional<Instant> suspected = Optional.empty();

  public HangDetector(HangSettings settings) {
    this.settings = requireNonNull(settings, "settings is null");
  }

  /**
   * Looks at the job once more.
   *
   * @param now later than the observation before
   * @return what turned, if anything did
   */
  public Optional<HangChange> observe(Observation now) {
    previous.ifPresent(
        before ->
            checkArgument(
                now.time().isAfter(before.time()),
                "Invalid observation at %s: the one before was at %s",
                now.time(),
                before.time()));
    note(now);
    previous = Optional.of(now);
    if (now.ranks().isEmpty()) {
      return Optional.empty();
    }
    return turn(now.time(), suspicion());
  }

  private void note(Observation now) {
    histories.keySet().retainAll(now.ranks().keySet());
    now.ranks()
        .forEach(
            (rank, vitals) ->
                histories
                    .computeIfAbsent(rank, each -> new RankHistory())
                    .notePosture(vitals.posture()));
    if (previous.isEmpty() || hasMoved(previous.get().ranks(), now.ranks())) {
      quiet = 0;
      histories.values().forEach(RankHistory::forgetUtilisation);
      return;
    }
    quiet++;
    Duration elapsed = Duration.between(previous.get().time(), now.time());
    now.ranks()
        .forEach(
            (rank, vitals) -> {
              Vitals before = previous.get().ranks().get(rank);
              histories
                  .get(rank)
                  .noteUtilisation(
                      percent(vitals.cpu().minus(before.cpu()), elapsed),
                      percent(vitals.mainThreads().minus(before.mainThreads()), elapsed),
                      vitals.deviceUtilisation(),
                      settings.window());
            });
  }

  private static double percent(Duration part, Duration whole) {
    return 100.0 * part.toNanos() / whole.toNanos();
  }

  private static boolean hasMoved(Map<Integer, Vitals> before, Map<Integer, Vitals> now) {
    return !before.keySet().equals(now.keySet())
        || now.entrySet().stream()
            .anyMatch(
                each -> {
                  Vitals then = before.get(each.getKey());
                  return each.getValue().io() != then.io()
                      || each.getValue().cpu().compareTo(then.cpu()) < 0
                      || each.getValue().mainThreads().compareTo(then.mainThreads()) < 0;
                });
  }

  private Optional<HangChange> turn(Instant now, Optional<Suspected> suspicion) {
    if (suspicion.isPresent() && suspected.isEmpty()) {
      suspected = Optional.of(now);
      return Optional.of(suspicion.get());
    }
    if (suspicion.isEmpty() && suspected.isPresent()) {
      Duration after = Duration.between(suspected.get(), now);
      suspected = Optional.empty();
      return Optional.of(new Recovered(after));
    }
    return Optional.empty();
  }

  private Optional<Suspected> suspicion() {
    List<Integer> stopped = ranks(history -> history.stoppedLooks >= settings.quietPeriods());
    if (!stopped.isEmpty()) {
      int looks = histories.get(stopped.get(0)).stoppedLooks;
      return Optional.of(new Suspected(Sign.STOPPED, stopped, looks));
    }
    if (quiet < Math.max(settings.quietPeriods(), settings.window())
        || !ranks(history -> history.sign(settings) == Utilisation.WORKING).isEmpty()) {
      return Optional.empty();
    }
    List<Integer> silent = ranks(history -> history.sign(settings) == Utilisation.SILENT);
    if (!silent.isEmpty()) {
      return Optional.of(new Suspected(Sign.SILENT, silent, quiet));
    }
    List<Integer> devices =
        ranks(history -> history.sign(settings) == Utilisation.UNCHANGING_DEVICES);
    return devices.isEmpty()
        ? Optional.empty()
        : Optional.of(new Suspected(Sign.UNCHANGING, devices, quiet));
  }

  private List<Integer> ranks(Predicate<RankHistory> which) {
    return histories.entrySet().stream()
        .filter(each -> which.test(each.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What the utilisation of a rank over the window looks like. */
  private enum Utilisation {
    SILENT,
    UNCHANGING_DEVICES,
    PERHAPS_SPINNING,
    WORKING
  }

  /** What is remembered of one rank. */
  private static final class RankHistory {
    private final Deque<Double> cpu = new ArrayDeque<>();
    private final Deque<Double> mainThreads = new ArrayDeque<>();
    private final Deque<List<Double>> devices = new ArrayDeque<>();
    private int stoppedLooks;

    private void notePosture(Vitals.Posture posture) {
      stoppedLooks = posture == Vitals.Posture.STOPPED ? stoppedLooks + 1 : 0;
    }

    private void forgetUtilisation() {
      cpu.clear();
      mainThreads.clear();
      devices.clear();
    }

    private void noteUtilisation(
        double cpuPercent, double mainPercent, List<Double> devicePercents, int window) {
      cpu.addLast(cpuPercent);
      mainThreads.addLast(mainPercent);
      devices.addLast(devicePercents);
      if (cpu.size() > window) {
        cpu.removeFirst();
        mainThreads.removeFirst();
        devices.removeFirst();
      }
    }

    private Utilisation sign(HangSettings settings) {
      List<Double> ofDevices = devices.stream().flatMap(List::stream).toList();
      if (Statistics.hasChanged(ofDevices, settings)) {
        return Utilisation.WORKING;
      }
      if (!ofDevices.isEmpty() && Statistics.median(ofDevices) > settings.medianTolerance()) {
        return Utilisation.UNCHANGING_DEVICES;
      }
      if (cpu.stream().allMatch(percent -> percent <= settings.idleCpuPercent())
          && mainThreads.stream().allMatch(percent -> percent <= settings.idleMainPercent())) {
        return Utilisation.SILENT;
      }
      boolean wholeCore = cpu.stream().allMatch(percent -> percent >= SPINNING_PERCENT);
      return wholeCore && !Statistics.hasChanged(List.copyOf(cpu), settings)
          ? Utilisation.PERHAPS_SPINNING
          : Utilisation.WORKING;
    }
  }

  /** Median and variance of a utilisation. */
  private static final class Statistics {
    private Statistics() {}

    /** Whether median or variance tell of a change; too few values tell of none. */
    private static boolean hasChanged(List<Double> values, HangSettings settings) {
      if (values.size() < 2) {
        return false;
      }
      int half = values.size() / 2;
      double shift = median(values.subList(half, values.size())) - median(values.subList(0, half));
      return Math.abs(shift) > settings.medianTolerance()
          || variance(values) > settings.varianceTolerance();
    }

    private static double median(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      int half = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(half)
          : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static double variance(List<Double> values) {
      double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
      return values.stream().mapToDouble(each -> (each - mean) * (each - mean)).average().orElse(0);
    }
  }
}
