package io.millrace.jobs.cli;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** What the command line prints of log lines. */
final class Logging {
  private Logging() {}

  /**
   * Our own warnings and every error, or, for debugging, our own steps and the engines' warnings.
   */
  static void configure(boolean debug) {
    Configurator.setRootLevel(debug ? Level.WARN : Level.OFF);
    Configurator.setLevel("io.millrace", debug ? Level.DEBUG : Level.WARN);
  }

  /**
   * Under {@code spark-submit} Spark sets up its own log when it starts, and its lines stay; but
   * Delta Kernel would add a line of measurements for each table it looks at. What fails there is
   * thrown, too.
   */
  static void quietKernel() {
    Configurator.setLevel("io.delta.kernel", Level.OFF);
  }
}
