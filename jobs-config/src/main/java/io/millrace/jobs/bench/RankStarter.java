package io.millrace.jobs.bench;

import java.io.IOException;

/** A contestant: a way to start the ranks of a job. */
@FunctionalInterface
interface RankStarter {
  /** Starts them, and does not wait for them. */
  StartedRanks start(RankJob job) throws IOException, UnmeasurableException;
}
