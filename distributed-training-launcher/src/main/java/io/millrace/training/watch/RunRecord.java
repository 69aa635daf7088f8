package io.millrace.training.watch;

import io.millrace.training.Rank;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJobJson;
import io.millrace.training.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A run on disk, as it stood when it was read.
 *
 * @param status with {@code ABNORMAL} for a run whose launcher has vanished, unless a cluster owns
 *     its job
 */
public record RunRecord(RunDirectory directory, TrainingRun run, RunStatus status) {
  private static final Duration POLL = Duration.ofMillis(200);

  /** How far a log is read. */
  public enum Reading {
    /** What is there. */
    SO_FAR,
    /** Until the run is over or its launcher gone. */
    TO_THE_END
  }

  /** Reads a run; its state is that of now. */
  static RunRecord read(RunDirectory directory) throws IOException {
    TrainingRun run = TrainingJobJson.decode(Files.readString(directory.specFile()));
    return new RunRecord(directory, run, StateFile.read(directory.stateFile()).observed());
  }

  /** The events so far. */
  public List<RunEvent> events() throws IOException {
    return EventLog.read(directory.eventFile());
  }

  /** Hands over the lines of a node's log so far, the oldest kept one first. */
  public void log(int node, Consumer<String> lines) throws IOException, InterruptedException {
    log(node, Reading.SO_FAR, lines, () -> {});
  }

  /** As {@link #log}, and then each further line until the run is over or its launcher gone. */
  public void followLog(int node, Consumer<String> lines) throws IOException, InterruptedException {
    log(node, Reading.TO_THE_END, lines, () -> {});
  }

  /**
   * Hands over the lines of a node's log.
   *
   * @param caughtUp called once, when the lines that were there at first have been handed over
   */
  public void log(int node, Reading reading, Consumer<String> lines, Runnable caughtUp)
      throws IOException, InterruptedException {
    read(readerOf(node), reading, lines, caughtUp);
  }

  /** As {@link #log(int, Reading, Consumer, Runnable)}, of one process, as it wrote them. */
  public void logOfRank(int rank, Reading reading, Consumer<String> lines, Runnable caughtUp)
      throws IOException, InterruptedException {
    List<Rank> ranks = Rank.of(run.job());
    if (rank < 0 || rank >= ranks.size()) {
      throw new TrainingException(
          "Cannot show the log of rank %d of %s: it has %d processes with a log of their own. Give a number from 0 to %d."
              .formatted(rank, run.displayName(), ranks.size(), ranks.size() - 1));
    }
    if (clusterJob().isPresent()) {
      throw new TrainingException(
          "Cannot show the log of rank %d of %s: its cluster keeps one log a node. Give --worker %d; lines of a rank begin with [rank %d]."
              .formatted(rank, run.displayName(), ranks.get(rank).node(), rank));
    }
    read(new LogReader(directory.processLog(run, ranks.get(rank))), reading, lines, caughtUp);
  }

  private void read(LogReader reader, Reading reading, Consumer<String> lines, Runnable caughtUp)
      throws IOException, InterruptedException {
    reader.read(
        lines,
        switch (reading) {
          case SO_FAR -> () -> true;
          case TO_THE_END -> this::isSettledNow;
        },
        caughtUp);
  }

  /** Hands over the events so far, and then each further one until the run is settled. */
  public void followEvents(Consumer<RunEvent> listener) throws IOException, InterruptedException {
    int told = 0;
    while (true) {
      boolean last = isSettledNow();
      List<RunEvent> events = events();
      events.subList(told, events.size()).forEach(listener);
      told = events.size();
      if (last) {
        return;
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  /**
   * Waits until the run is over, or its launcher gone.
   *
   * @return the run as it is then
   */
  public RunRecord awaitEnd() throws IOException, InterruptedException {
    while (!isSettledNow()) {
      Thread.sleep(POLL.toMillis());
    }
    return refreshed();
  }

  /** What a cluster goes on with if the launcher ends; empty for other runs. */
  public Optional<ClusterJob> clusterJob() throws IOException {
    return StateFile.read(directory.stateFile()).clusterJob();
  }

  /**
   * Asks the run's launcher, another process maybe, to stop the run; see {@link
   * io.millrace.training.RunHandle#stop()}.
   *
   * @throws TrainingException if the run is over, or its launcher gone
   */
  public void requestStop() throws IOException {
    checkStillRunning("stop");
    Files.writeString(directory.stopRequest(), "");
  }

  /** As {@link #requestStop()}, without any grace. */
  public void requestKill() throws IOException {
    checkStillRunning("kill");
    Files.writeString(directory.killRequest(), "");
  }

  /** The same run, its state read again. */
  public RunRecord refreshed() throws IOException {
    return read(directory);
  }

  private LogReader readerOf(int node) {
    int nodes = run.job().nodes();
    if (node < 0 || node >= nodes) {
      throw new TrainingException(
          "Cannot show the log of worker %d of %s: it has %d. Give a number from 0 to %d."
              .formatted(node, run.displayName(), nodes, nodes - 1));
    }
    return new LogReader(directory.workerLog(run, node));
  }

  private boolean isSettledNow() {
    try {
      return StateFile.read(directory.stateFile()).isSettled();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + directory.stateFile(), e);
    }
  }

  private void checkStillRunning(String verb) throws IOException {
    StateFile now = StateFile.read(directory.stateFile());
    RunState state = now.observed().state();
    if (state.isTerminal()) {
      throw new TrainingException(
          "Cannot %s %s: it is %s already."
              .formatted(verb, run.displayName(), state.displayName()));
    }
    if (now.isSettled()) {
      throw new TrainingException(
          "Cannot %s %s: its launcher has ended, and nobody would see the request. Attach to the run first."
              .formatted(verb, run.displayName()));
    }
  }
}
