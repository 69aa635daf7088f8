package io.millrace.training.gang;

import io.millrace.training.GangMember;
import io.millrace.training.Rank;
import io.millrace.training.hang.Vitals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of a gang below its supervisor. When its end is reported, nothing that it started is
 * left.
 */
final class SupervisedRank {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedRank.class);

  /** How long output may come after the end of a supervisor, which kills all who write it. */
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(30);

  private final GangMember member;
  private final SupervisedProcess process;
  private final RankOutput output;
  private final Consumer<RankEnd> onFailureBelow;
  private final Consumer<RankEnd> onEnd;
  private final List<ToolReport> reports = new ArrayList<>();
  private final Thread drain;
  private RankEnd.Asked asked = RankEnd.Asked.NO;

  private SupervisedRank(
      GangMember member,
      SupervisedProcess process,
      RankOutput output,
      Consumer<RankEnd> onFailureBelow,
      Consumer<RankEnd> onEnd) {
    this.member = member;
    this.process = process;
    this.output = output;
    this.onFailureBelow = onFailureBelow;
    this.onEnd = onEnd;
    this.drain = new Thread(this::drainOutput, member + ", output");
  }

  /**
   * Begins to look after a process just started.
   *
   * @param onFailureBelow told of each process that this one had started and that has failed, as
   *     soon as it tells
   * @param onEnd told once, by the same thread
   */
  static SupervisedRank watch(
      GangMember member,
      SupervisedProcess process,
      RankOutput output,
      Consumer<RankEnd> onFailureBelow,
      Consumer<RankEnd> onEnd) {
    SupervisedRank started = new SupervisedRank(member, process, output, onFailureBelow, onEnd);
    Thread watch = new Thread(started::watch, member + ", status");
    started.drain.setDaemon(true);
    started.drain.start();
    watch.setDaemon(true);
    watch.start();
    return started;
  }

  GangMember member() {
    return member;
  }

  /** The number by which its node knows it; empty once it was told to end. */
  Optional<Long> number() {
    return asked() == RankEnd.Asked.YES ? Optional.empty() : Optional.of(process.number());
  }

  /** What they have done so far; empty once the process was told to end, or has ended. */
  Optional<Vitals> vitals() {
    return asked() == RankEnd.Asked.YES ? Optional.empty() : process.vitals();
  }

  /** Sends SIGTERM to the process. */
  void terminate() {
    order('T');
  }

  /** Sends SIGKILL to the process and to all that it has started. */
  void kill() {
    order('K');
  }

  private synchronized void order(char letter) {
    asked = RankEnd.Asked.YES;
    try {
      OutputStream orders = process.orders();
      orders.write(letter);
      orders.flush();
    } catch (IOException e) {
      LOG.debug("{} has ended before it could be told to: {}", member, e.getMessage());
    }
  }

  private synchronized RankEnd.Asked asked() {
    return asked;
  }

  private void watch() {
    long pid = 0;
    String mark = "";
    RankEnd.Cause cause = null;
    RankEnd.Asked askedBefore = RankEnd.Asked.NO;
    StringBuilder complaint = new StringBuilder();
    try (BufferedReader status =
        new BufferedReader(new InputStreamReader(process.status(), StandardCharsets.UTF_8))) {
      for (String line = status.readLine(); line != null; line = status.readLine()) {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
          case "started" -> {
            String[] started = words[1].split(" ", 2);
            pid = Long.parseLong(started[0]);
            mark = started[1];
          }
          case "exited", "signalled" -> {
            askedBefore = asked();
            int number = Integer.parseInt(words[1]);
            if (cause == null) {
              cause =
                  words[0].equals("exited")
                      ? new RankEnd.Exited(number)
                      : new RankEnd.Signalled(number);
            }
          }
          case "failed" -> cause = new RankEnd.NotStarted(words[1]);
          case "rank" -> takeReport(words[1]);
          default -> complaint.append(line).append(' ');
        }
      }
    } catch (IOException e) {
      complaint.append(e.getMessage());
    }
    if (cause == null) {
      askedBefore = asked();
      cause = endedSupervisor(pid, mark, complaint.toString().strip());
    }
    awaitQuiet();
    List<RankEnd> below =
        reports.stream()
            .sorted(Comparator.comparingDouble(ToolReport::at))
            .map(ToolReport::end)
            .toList();
    onEnd.accept(new RankEnd(member, cause, askedBefore, output.lastLines(), below));
  }

  private void takeReport(String text) {
    try {
      ToolReport report = ToolReport.parse(text, (Rank) member, asked());
      reports.add(report);
      onFailureBelow.accept(report.end());
    } catch (IOException e) {
      LOG.warn("Cannot read what {} tells of its processes: {}", member, e.getMessage());
    }
  }

  /** The system killed the process along with its supervisor; its children may still be there. */
  private RankEnd.Cause endedSupervisor(long pid, String mark, String complaint) {
    if (process.lost().isPresent()) {
      return new RankEnd.Lost(process.lost().get());
    }
    if (pid == 0) {
      return new RankEnd.NotStarted("its supervisor ended. " + complaint);
    }
    process.sweep(pid, mark);
    return new RankEnd.Signalled(9);
  }

  private void awaitQuiet() {
    try {
      process.awaitEnd();
      drain.join(LAST_OUTPUT.toMillis());
      if (drain.isAlive()) {
        LOG.warn("Something that {} has started still holds its output; it is not read on", member);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drainOutput() {
    try {
      output.drain(process.output());
    } catch (IOException e) {
      LOG.warn(
          "Cannot write the log of {}; its further output is lost: {}", member, e.getMessage());
      discardOutput();
    }
  }

  /** Else the process would wait for ever for somebody to read. */
  private void discardOutput() {
    try {
      process.output().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.debug("The output of {} ended: {}", member, e.getMessage());
    }
  }
}
