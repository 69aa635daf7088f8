package io.millrace.training.gang;

import io.millrace.training.ClusterScheduler;
import io.millrace.training.GangMember;
import io.millrace.training.Rank;
import io.millrace.training.TrainingRun;
import io.millrace.training.watch.EventLog;
import io.millrace.training.watch.LogLimits;
import io.millrace.training.watch.RotatingLogFile;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunEvent;
import io.millrace.training.watch.ServiceLine;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All that is written down of one run: its events, the log of each node, the log of each process.
 * An event of a node is in the node's log too, marked as ModelArts marks its own lines.
 */
final class RunJournal implements Closeable {
  private final EventLog events;
  private final List<RotatingLogFile> workerLogs = new ArrayList<>();
  private final Map<GangMember, RotatingLogFile> processLogs = new HashMap<>();
  private final TrainingRun run;
  private final RunDirectory directory;
  private final LogLimits limits;

  RunJournal(TrainingRun run, RunDirectory directory, EventLog events, LogLimits limits)
      throws IOException {
    this.run = run;
    this.directory = directory;
    this.events = events;
    this.limits = limits;
    for (int node = 0; node < run.job().nodes(); node++) {
      workerLogs.add(new RotatingLogFile(directory.workerLog(run, node), limits));
    }
  }

  void add(RunEvent.Type type, String message) {
    events.add(type, message);
  }

  void addOfNode(int node, RunEvent.Type type, String message) {
    RunEvent event = events.addOfNode(node, type, message);
    write(node, ServiceLine.of("[%s]%s".formatted(event.time(), event.message())));
  }

  private void write(int node, String text) {
    byte[] line = text.getBytes(StandardCharsets.UTF_8);
    try {
      workerLogs.get(node).write(line, 0, line.length);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the log of worker-" + node, e);
    }
  }

  /** A line of the launcher's own in a node's log, which is no event. */
  void addLine(int node, String text) {
    write(node, ServiceLine.of(text));
  }

  /** Notes that a node begins an attempt. */
  void addAttempt(int node) {
    addOfNode(node, RunEvent.Type.CODE_DOWNLOADING, ServiceLine.FIRST_OF_ATTEMPT);
  }

  /** As {@link #addOfNode(int, RunEvent.Type, String)}, with the time it took. */
  void addOfNode(int node, RunEvent.Type type, long nanos, String message) {
    addOfNode(
        node, type, String.format(Locale.ROOT, "[duration: %.1f s] %s", nanos / 1e9, message));
  }

  /** The way of a process's output; lines in a node's log are marked where it has several. */
  RankOutput outputOf(GangMember member) throws IOException {
    RotatingLogFile log = processLogs.get(member);
    if (log == null) {
      log = new RotatingLogFile(directory.processLog(run, member), limits);
      processLogs.put(member, log);
    }
    String prefix = "";
    if (member instanceof ClusterScheduler) {
      prefix = "[scheduler] ";
    } else if (member instanceof Rank rank && rank.localWorldSize() > 1) {
      prefix = "[rank " + rank.value() + "] ";
    }
    return new RankOutput(log, workerLogs.get(member.node()), prefix);
  }

  @Override
  public void close() throws IOException {
    for (RotatingLogFile log : workerLogs) {
      log.close();
    }
    for (RotatingLogFile log : processLogs.values()) {
      log.close();
    }
  }
}
