package io.millrace.jobs.training;

import io.millrace.training.RunHandle;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a run and hands over the log lines of its first node as they are written. */
public final class LogFollower {
  private static final Logger log = LoggerFactory.getLogger(LogFollower.class);
  private static final Duration FOREVER = Duration.ofDays(365);

  private LogFollower() {}

  /**
   * Returns when the run is over and its last line was handed over.
   *
   * @param runs the directory that the run is kept in
   */
  public static void awaitEnd(RunHandle run, Path runs, Consumer<String> lines)
      throws InterruptedException {
    RunRecord launched = RunRegistry.at(runs).find(run.run().id().value());
    Thread follower =
        new Thread(() -> follow(launched, lines), "log of " + run.run().displayName());
    follower.setDaemon(true);
    follower.start();
    run.awaitTerminal(FOREVER);
    follower.join();
  }

  private static void follow(RunRecord run, Consumer<String> lines) {
    try {
      run.followLog(0, lines);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.warn("Cannot follow the log of {}: {}", run.run().displayName(), e.getMessage());
    }
  }
}
