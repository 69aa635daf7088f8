package io.millrace.training.diagnosis;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * The log of a worker, or of one process.
 *
 * @param worker its name
 * @param content what was logged, in UTF-8
 * @param attemptStart tells the lines with which a new attempt begins; what stands before the last
 *     one is passed over
 * @param exitCode of the process that is to blame, 128 + N for signal N; empty for a worker whose
 *     processes were told to end or ended for lack of another one
 */
public record WorkerLog(
    String worker, Content content, Predicate<String> attemptStart, OptionalInt exitCode) {

  /** Opens the text of a log, from its beginning. */
  @FunctionalInterface
  public interface Content {
    InputStream open() throws IOException;
  }

  public WorkerLog {
    requireNonNull(worker, "worker is null");
    requireNonNull(content, "content is null");
    requireNonNull(attemptStart, "attemptStart is null");
    requireNonNull(exitCode, "exitCode is null");
  }

  /** A log of one attempt, of a worker that is not to blame. */
  public static WorkerLog of(String worker, Content content) {
    return new WorkerLog(worker, content, line -> false, OptionalInt.empty());
  }

  /** The same log, of several attempts. */
  public WorkerLog withAttemptStart(Predicate<String> tell) {
    return new WorkerLog(worker, content, tell, exitCode);
  }

  /** The same log, of the worker with the process to blame. */
  public WorkerLog endedWith(int code) {
    return new WorkerLog(worker, content, attemptStart, OptionalInt.of(code));
  }
}
