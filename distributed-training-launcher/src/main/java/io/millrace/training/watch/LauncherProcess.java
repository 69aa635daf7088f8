package io.millrace.training.watch;

import java.time.Instant;

/**
 * The process that launched a run, recognised by number and start time, since numbers are used
 * again.
 *
 * @param started 1970-01-01 where the system does not tell it
 */
public record LauncherProcess(long pid, Instant started) {

  /** This very process. */
  public static LauncherProcess current() {
    ProcessHandle self = ProcessHandle.current();
    return new LauncherProcess(self.pid(), startOf(self));
  }

  public boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(handle -> startOf(handle).equals(started))
        .orElse(false);
  }

  private static Instant startOf(ProcessHandle handle) {
    return handle.info().startInstant().orElse(Instant.EPOCH);
  }
}
