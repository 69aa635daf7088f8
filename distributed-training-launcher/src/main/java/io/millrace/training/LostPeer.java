package io.millrace.training;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a process says that failed only because another one was gone. */
public final class LostPeer {
  /**
   * The words of collective libraries: gloo, NCCL and the rendezvous store, seen with PyTorch 1.13
   * and in its sources up to 2.5.
   */
  private static final Pattern WORDS =
      Pattern.compile(
          "connection closed by peer|connection reset by peer|broken pipe|connection refused"
              + "|socket timeout|socket closed|remote process (has )?(exited|terminated)"
              + "|ncclremoteerror|ncclsystemerror|failed to recv|recvvalue failed|peer (lost|closed)");

  private LostPeer() {}

  /** Whether the last lines of a process say so. */
  public static boolean isToldIn(List<String> lastLines) {
    return lastLines.stream().anyMatch(line -> WORDS.matcher(line.toLowerCase(Locale.ROOT)).find());
  }
}
