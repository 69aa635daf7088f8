package io.millrace.training.watch;

/** Lines of Millrace's own in the log of a node, marked as ModelArts marks its own. */
public final class ServiceLine {
  /** What every attempt begins with on a node that the launcher prepares. */
  public static final String FIRST_OF_ATTEMPT = "Downloading training code";

  private static final String MARK = "[ModelArts Service Log]";
  private static final String FIRST_OF_POD = MARK + "Log of the pod ";

  private ServiceLine() {}

  /** The line, with its end. */
  public static String of(String text) {
    return MARK + text + "\n";
  }

  /** What the log of a pod begins with, one of which a node has in each attempt. */
  public static String ofPod(String name) {
    return FIRST_OF_POD + name + "\n";
  }

  /** Whether an attempt begins with that line of a node's log. */
  static boolean beginsAttempt(String line) {
    return line.startsWith(FIRST_OF_POD)
        || (line.startsWith(MARK) && line.endsWith(FIRST_OF_ATTEMPT));
  }
}
