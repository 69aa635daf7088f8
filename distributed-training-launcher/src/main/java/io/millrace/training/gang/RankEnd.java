package io.millrace.training.gang;

import io.millrace.training.GangMember;
import io.millrace.training.LostPeer;
import java.util.List;

/**
 * How one process ended.
 *
 * @param asked whether the launcher had told it to end before
 * @param lastLines the end of its output, at most {@link RankOutput#LAST_LINES} lines
 * @param failedBelow processes that it had started and that failed, as it told, in the order of
 *     their ends; those that it had told to end are {@code asked}
 */
record RankEnd(
    GangMember member,
    Cause cause,
    Asked asked,
    List<String> lastLines,
    List<RankEnd> failedBelow) {

  /** What ended the process. */
  sealed interface Cause {
    /** As a shell gives it: 128 + the number for a signal. */
    int exitCode();

    /** For messages: {@code was killed by SIGKILL (exit code 137)}. */
    String describe();
  }

  /** It ended by itself. */
  record Exited(int exitCode) implements Cause {
    @Override
    public String describe() {
      return "ended with exit code " + exitCode;
    }
  }

  /** A signal killed it. */
  record Signalled(int number) implements Cause {
    @Override
    public int exitCode() {
      return 128 + number;
    }

    @Override
    public String describe() {
      return "was killed by %s (exit code %d)".formatted(name(), exitCode());
    }

    String name() {
      return switch (number) {
        case 1 -> "SIGHUP";
        case 2 -> "SIGINT";
        case 3 -> "SIGQUIT";
        case 4 -> "SIGILL";
        case 6 -> "SIGABRT";
        case 7 -> "SIGBUS";
        case 8 -> "SIGFPE";
        case 9 -> "SIGKILL";
        case 11 -> "SIGSEGV";
        case 13 -> "SIGPIPE";
        case 15 -> "SIGTERM";
        default -> "signal " + number;
      };
    }
  }

  /** It could not be started at all. */
  record NotStarted(String why) implements Cause {
    @Override
    public int exitCode() {
      return 127;
    }

    @Override
    public String describe() {
      return "could not be started: " + why;
    }
  }

  /** Its machine was lost, or the way to it; nothing more is known of the process. */
  record Lost(String why) implements Cause {
    @Override
    public int exitCode() {
      return 137;
    }

    @Override
    public String describe() {
      return "was lost: " + why;
    }
  }

  /** Whether the launcher wanted the end. */
  enum Asked {
    NO,
    YES
  }

  private static final int SIGABRT = 6;

  RankEnd {
    lastLines = List.copyOf(lastLines);
    failedBelow = List.copyOf(failedBelow);
  }

  /** Of a process that has told nothing of others. */
  RankEnd(GangMember member, Cause cause, Asked asked, List<String> lastLines) {
    this(member, cause, asked, lastLines, List.of());
  }

  /** The same end of what is better known by another name. */
  RankEnd of(GangMember name) {
    return new RankEnd(name, cause, asked, lastLines, failedBelow);
  }

  /** That of the first process below it that failed by itself, or else its own. */
  int exitCode() {
    return failures().stream().findFirst().orElse(this).cause.exitCode();
  }

  boolean isSuccess() {
    return cause.exitCode() == 0;
  }

  /**
   * The failures that nobody had asked for: of the processes that it had started, if any of them is
   * one, or else its own, if it is.
   */
  List<RankEnd> failures() {
    List<RankEnd> below = failuresBelow();
    boolean self = below.isEmpty() || cause instanceof Lost;
    return self && !isSuccess() && asked == Asked.NO ? List.of(this) : below;
  }

  private List<RankEnd> failuresBelow() {
    return failedBelow.stream().filter(end -> end.asked == Asked.NO).toList();
  }

  /**
   * Whether it failed only because another process was gone. Such a process ends by itself or by
   * SIGABRT (an exception in a native thread), and its last lines tell.
   */
  boolean isCasualty() {
    List<RankEnd> below = failuresBelow();
    if (!below.isEmpty()) {
      return below.stream().allMatch(RankEnd::isCasualty) && !(cause instanceof Lost);
    }
    boolean mayBe =
        (cause instanceof Exited exited && exited.exitCode() != 0)
            || (cause instanceof Signalled signalled && signalled.number() == SIGABRT);
    return mayBe && LostPeer.isToldIn(lastLines);
  }

  String describe() {
    return cause.describe();
  }
}
