package io.millrace.training;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of a run at one moment.
 *
 * @param created when it was submitted
 * @param started when its nodes began to be prepared
 * @param ended when it became terminal
 * @param restarts how often it was started again
 * @param exitCode of a completed run 0, of a failed one that of the process to blame (128 + the
 *     signal's number for one that was killed); empty where no process decided the end
 * @param failedRank the process of the script to blame; empty where there is none, or another
 *     process is
 * @param message why it ended as it did, or what it waits for; empty for a completed run
 */
public record RunStatus(
    RunState state,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> ended,
    int restarts,
    OptionalInt exitCode,
    OptionalInt failedRank,
    Optional<String> message) {
  public RunStatus {
    requireNonNull(state, "state is null");
    requireNonNull(created, "created is null");
    requireNonNull(started, "started is null");
    requireNonNull(ended, "ended is null");
    requireNonNull(exitCode, "exitCode is null");
    requireNonNull(failedRank, "failedRank is null");
    requireNonNull(message, "message is null");
  }

  /** The status of a run just submitted. */
  public static RunStatus creating(Instant now) {
    return new RunStatus(
        RunState.CREATING,
        now,
        Optional.empty(),
        Optional.empty(),
        0,
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty());
  }

  public RunStatus withState(RunState newState) {
    return new RunStatus(
        newState, created, started, ended, restarts, exitCode, failedRank, message);
  }

  /** The same with another message; none for empty text. */
  public RunStatus withMessage(String text) {
    return new RunStatus(
        state,
        created,
        started,
        ended,
        restarts,
        exitCode,
        failedRank,
        text.isEmpty() ? Optional.empty() : Optional.of(text));
  }

  public RunStatus running(Instant now) {
    return new RunStatus(
        RunState.RUNNING,
        created,
        Optional.of(started.orElse(now)),
        ended,
        restarts,
        exitCode,
        failedRank,
        message);
  }

  public RunStatus restarted() {
    return new RunStatus(
        state, created, started, ended, restarts + 1, exitCode, failedRank, message);
  }

  public RunStatus completed(Instant now) {
    return new RunStatus(
        RunState.COMPLETED,
        created,
        started,
        Optional.of(now),
        restarts,
        OptionalInt.of(0),
        OptionalInt.empty(),
        Optional.empty());
  }

  /** Ended without a process to blame. */
  public RunStatus ended(RunState end, Instant now, String why) {
    return new RunStatus(
        end,
        created,
        started,
        Optional.of(now),
        restarts,
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.of(why));
  }

  /** The same, with more said on why it ended. */
  public RunStatus explained(String more) {
    return withMessage(message.map(why -> why + "\n").orElse("") + more);
  }

  /** Failed through a process of the script. */
  public RunStatus failed(Instant now, int code, int rank, String why) {
    return failed(now, code, OptionalInt.of(rank), why);
  }

  /** Failed through a process that is none of the script. */
  public RunStatus failed(Instant now, int code, String why) {
    return failed(now, code, OptionalInt.empty(), why);
  }

  private RunStatus failed(Instant now, int code, OptionalInt rank, String why) {
    return new RunStatus(
        RunState.FAILED,
        created,
        started,
        Optional.of(now),
        restarts,
        OptionalInt.of(code),
        rank,
        Optional.of(why));
  }
}
