package io.millrace.training;

import java.time.Duration;

/** A launched run, seen by the process that launched it. Safe for use by several threads. */
public interface RunHandle {

  TrainingRun run();

  /** What is known now. */
  RunStatus status();

  default RunState state() {
    return status().state();
  }

  /**
   * Waits until the run is over, at most that long.
   *
   * @return the state then; not terminal if the time was up first
   * @throws InterruptedException if the waiting thread is interrupted; the run goes on
   */
  RunState awaitTerminal(Duration timeout) throws InterruptedException;

  /**
   * Asks the run to end: its processes get SIGTERM and, after the grace period, SIGKILL; outputs
   * are copied. Returns at once. Does nothing if the run is over or ending.
   */
  void stop();

  /** As {@link #stop()}, without any grace. */
  void kill();
}
