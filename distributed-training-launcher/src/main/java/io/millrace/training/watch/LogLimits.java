package io.millrace.training.watch;

import static io.millrace.dataset.Preconditions.checkArgument;

/**
 * How much of a log is kept: when a file would grow beyond {@code maxBytes} it becomes {@code
 * FILE.1}, the older ones move up, and those beyond {@code olderFiles} are dropped.
 */
public record LogLimits(long maxBytes, int olderFiles) {
  /** 64 MiB and four older files of the same size. */
  public static final LogLimits DEFAULT = new LogLimits(64L << 20, 4);

  public LogLimits {
    checkArgument(maxBytes >= 1, "Invalid log size: %s bytes (expected at least 1)", maxBytes);
    checkArgument(
        olderFiles >= 1, "Invalid number of older log files: %s (expected at least 1)", olderFiles);
  }
}
