package io.millrace.training.spark;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Spark from taking its executors away while a run is being stopped: when the JVM is told to
 * end, Spark stops its context in a hook of Hadoop's, and this one comes before it.
 */
final class ExitOrder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExitOrder.class);

  /** Spark's has 40. */
  private static final int PRIORITY = 100;

  private final CountDownLatch over = new CountDownLatch(1);
  private final Runnable hook;

  private ExitOrder(Duration longest) {
    this.hook = () -> awaitEnd(longest);
  }

  /**
   * Begins to hold Spark.
   *
   * @param longest how long to hold it at most once the JVM is told to end
   * @throws IllegalStateException if it has been told so already
   */
  static ExitOrder hold(Duration longest) {
    ExitOrder order = new ExitOrder(longest);
    ShutdownHookManager.get()
        .addShutdownHook(order.hook, PRIORITY, longest.toSeconds() + 1, TimeUnit.SECONDS);
    return order;
  }

  private void awaitEnd(Duration longest) {
    try {
      if (!over.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("A run has not ended within {} s; Spark is stopped now", longest.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    try {
      ShutdownHookManager.get().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM is shutting down: {}", e.getMessage());
    }
  }
}
