package io.millrace.jobs.training;

import io.millrace.training.watch.RunRecord;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands over the log lines of a run's first node as they are written, until the run is over. */
public final class LogFollower {
  private static final Logger log = LoggerFactory.getLogger(LogFollower.class);

  private final Thread thread;

  private LogFollower(Thread thread) {
    this.thread = thread;
  }

  public static LogFollower of(RunRecord run, Consumer<String> lines) {
    Thread thread = new Thread(() -> follow(run, lines), "log of " + run.run().displayName());
    thread.setDaemon(true);
    thread.start();
    return new LogFollower(thread);
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

  /** Waits for the lines that are still to come; those end with the run. */
  public void awaitEnd() throws InterruptedException {
    thread.join();
  }
}
