package io.millrace.training.gang;

import io.millrace.training.ClusterScheduler;
import io.millrace.training.GangMember;
import io.millrace.training.Rank;
import io.millrace.training.hang.Vitals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All processes of one attempt: they end together. When one fails, the others get SIGTERM and,
 * after the grace period, SIGKILL.
 */
final class Gang {
  private static final Logger LOG = LoggerFactory.getLogger(Gang.class);

  /**
   * How long a lost connection may be noticed before the end that caused it: casualties were seen
   * to end 20 to 130 ms from the culprit, which may be that long in its own exit handlers.
   */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  /** How long the system may take to end a killed process. */
  private static final Duration KILLING = Duration.ofSeconds(10);

  private enum Phase {
    RUNNING,
    SETTLING,
    TERMINATING,
    KILLING
  }

  private sealed interface Notice {}

  private record Ended(RankEnd end) implements Notice {}

  /** Of a process that a member has started; the member itself may take its time. */
  private record FailedBelow(RankEnd end) implements Notice {}

  private enum Order implements Notice {
    STOP,
    KILL
  }

  private final Duration grace;
  private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
  private final List<SupervisedRank> members = new ArrayList<>();
  private final List<RankEnd> ends = new ArrayList<>();
  private Phase phase = Phase.RUNNING;
  private long deadline = Long.MAX_VALUE;

  Gang(Duration grace) {
    this.grace = grace;
  }

  /** Takes in a process just started. */
  void add(GangMember member, SupervisedProcess process, RankOutput output) {
    members.add(
        SupervisedRank.watch(
            member,
            process,
            output,
            end -> notices.add(new FailedBelow(end)),
            end -> notices.add(new Ended(end))));
  }

  /** Kills what was started of a gang that cannot be started as a whole. */
  void abandon() {
    members.forEach(SupervisedRank::kill);
  }

  /**
   * The process of each rank that was not told to end, by the number its node gave it. Any thread
   * may ask once all members are started.
   */
  Map<Rank, Long> processes() {
    Map<Rank, Long> processes = new HashMap<>();
    for (SupervisedRank each : members) {
      if (each.member() instanceof Rank rank) {
        each.number().ifPresent(number -> processes.put(rank, number));
      }
    }
    return processes;
  }

  /** What each rank that runs and was not told to end has done so far. */
  Map<Rank, Vitals> vitals() {
    Map<Rank, Vitals> vitals = new HashMap<>();
    for (SupervisedRank each : members) {
      if (each.member() instanceof Rank rank) {
        each.vitals().ifPresent(found -> vitals.put(rank, found));
      }
    }
    return vitals;
  }

  /** Asks every process to end. Any thread may ask. */
  void stop() {
    notices.add(Order.STOP);
  }

  /** Kills every process. Any thread may ask. */
  void kill() {
    notices.add(Order.KILL);
  }

  /**
   * Waits until every process has ended.
   *
   * @param onEnd told of each end as it is noticed
   * @return the ends in the order in which they were noticed
   */
  List<RankEnd> awaitEnd(Consumer<RankEnd> onEnd) throws InterruptedException {
    while (ends.size() < members.size()) {
      long nanos = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - System.nanoTime();
      Notice notice = notices.poll(nanos, TimeUnit.NANOSECONDS);
      if (notice == null) {
        passDeadline(onEnd);
      } else if (notice instanceof Ended ended) {
        ends.add(ended.end());
        onEnd.accept(ended.end());
        judge(ended.end());
        dismissScheduler();
      } else if (notice instanceof FailedBelow failed) {
        judge(failed.end());
      } else if (notice == Order.KILL) {
        killAll();
      } else if (phase == Phase.RUNNING || phase == Phase.SETTLING) {
        terminateAll();
      }
    }
    return List.copyOf(ends);
  }

  private void judge(RankEnd end) {
    if (end.isSuccess() || end.asked() == RankEnd.Asked.YES) {
      return;
    }
    if (!end.isCasualty() && (phase == Phase.RUNNING || phase == Phase.SETTLING)) {
      terminateAll();
    } else if (phase == Phase.RUNNING) {
      enter(Phase.SETTLING, SETTLING);
    }
  }

  /** A scheduler has no more to do once all ranks have ended, and may wait for long by itself. */
  private void dismissScheduler() {
    boolean ranksAreOver =
        ends.stream().filter(end -> !(end.member() instanceof ClusterScheduler)).count()
            == members.stream()
                .filter(each -> !(each.member() instanceof ClusterScheduler))
                .count();
    if (ranksAreOver && phase == Phase.RUNNING && ends.size() < members.size()) {
      terminateAll();
    }
  }

  private void passDeadline(Consumer<RankEnd> onEnd) {
    switch (phase) {
      case SETTLING -> terminateAll();
      case TERMINATING -> killAll();
      case KILLING -> giveUp(onEnd);
      case RUNNING -> throw new IllegalStateException("A running gang has no deadline");
    }
  }

  private void terminateAll() {
    enter(Phase.TERMINATING, grace);
    members.forEach(SupervisedRank::terminate);
  }

  private void killAll() {
    if (phase != Phase.KILLING) {
      enter(Phase.KILLING, KILLING);
      members.forEach(SupervisedRank::kill);
    }
  }

  /** A process may be stuck in the kernel, for instance on a lost file server. */
  private void giveUp(Consumer<RankEnd> onEnd) {
    Set<GangMember> over = new HashSet<>();
    ends.forEach(end -> over.add(end.member()));
    for (SupervisedRank member : members) {
      if (!over.contains(member.member())) {
        LOG.error("Gave up on {}, which does not end although it was killed", member.member());
        RankEnd end =
            new RankEnd(member.member(), new RankEnd.Signalled(9), RankEnd.Asked.YES, List.of());
        ends.add(end);
        onEnd.accept(end);
      }
    }
  }

  private void enter(Phase next, Duration time) {
    phase = next;
    deadline = System.nanoTime() + time.toNanos();
  }
}
