package io.millrace.jobs;

import io.millrace.jobs.cli.MillraceCommand;

/** The entry point of the application jar. */
public final class Millrace {
  private Millrace() {}

  /**
   * Runs one command and ends the process with its exit code, see {@link
   * io.millrace.jobs.cli.ExitCode}.
   */
  public static void main(String[] arguments) {
    System.exit(MillraceCommand.commandLine().execute(arguments));
  }
}
