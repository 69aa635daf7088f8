package io.millrace.training.watch;

import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJobJson;
import io.millrace.training.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;

/**
 * A run on disk, as it stood when it was read.
 *
 * @param status with {@code ABNORMAL} for a run whose launcher has vanished, unless a cluster owns
 *     its job
 */
public record RunRecord(RunDirectory directory, TrainingRun run, RunStatus status) {

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
    readerOf(node).read(lines, () -> true);
  }

  /** As {@link #log}, and then each further line until the run is over or its launcher gone. */
  public void followLog(int node, Consumer<String> lines) throws IOException, InterruptedException {
    readerOf(node).read(lines, this::isSettledNow);
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
