package io.millrace.training;

/** Starts training runs on one kind of machinery. */
public interface TrainingLauncher {

  /**
   * Checks the job against the machinery, registers the run and starts it. Returns once the run is
   * registered; it goes on by itself.
   *
   * @throws TrainingException if the job cannot be started, with every problem found
   */
  RunHandle launch(TrainingRun run);
}
