package io.millrace.jobs.cli;

/** How a command ends, as a process' exit code. */
public final class ExitCode {
  /** Everything asked for was done. */
  public static final int DONE = 0;

  /** It was not done; one sentence on standard error says why and what to do. */
  public static final int FAILED = 1;

  /** The command line itself was wrong. */
  public static final int USAGE = 2;

  /** Of {@code demo}: every step ran but the training, for want of a Python with torch. */
  public static final int NO_TRAINING = 3;

  private ExitCode() {}
}
