package io.millrace.jobs.bench;

import java.io.IOException;
import java.time.Duration;

/** The processes of a job that a contestant has started. */
interface StartedRanks extends AutoCloseable {
  /** Whether every process has ended. */
  boolean isOver();

  /**
   * Waits until every process has ended, at most that long.
   *
   * @return whether they have
   */
  boolean awaitEnd(Duration patience) throws InterruptedException;

  /** How it ended, for a message. */
  String lastWords() throws IOException;

  /** Ends what still runs, and waits until it has ended; kills it if the thread is interrupted. */
  @Override
  void close();
}
