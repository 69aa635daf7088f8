package io.millrace.jobs;

import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.jobs.cli.MillraceCommand;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The entry point of the application jar. */
public final class Millrace {
  private static final Logger log = LoggerFactory.getLogger(Millrace.class);

  /** Commands that read tables, most of them for less time than it takes to load the classes. */
  private static final Set<String> OF_TABLES = Set.of("dataset", "version", "branch");

  private Millrace() {}

  /**
   * Runs one command and ends the process with its exit code, see {@link
   * io.millrace.jobs.cli.ExitCode}.
   */
  public static void main(String[] arguments) {
    if (arguments.length > 1 && OF_TABLES.contains(arguments[0])) {
      loadAhead();
    }
    System.exit(MillraceCommand.commandLineFor(arguments).execute(arguments));
  }

  /**
   * While this thread sets up the command line. What fails, such as for a setting that is no good,
   * fails again where the command needs it, and is told there.
   */
  private static void loadAhead() {
    Thread loading = new Thread(DatasetCatalog::loadClasses, "load-ahead");
    loading.setDaemon(true);
    loading.setUncaughtExceptionHandler((thread, e) -> log.debug("Cannot load classes ahead", e));
    loading.start();
  }
}
