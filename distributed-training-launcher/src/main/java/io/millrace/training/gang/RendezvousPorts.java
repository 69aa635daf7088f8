package io.millrace.training.gang;

import java.util.List;
import java.util.Random;

/**
 * The ports that rank 0 may listen on. They lie below 32768, where Linux's range for outgoing
 * connections begins: a port from that range may be taken by any client before a socket holds it.
 */
public final class RendezvousPorts {
  private static final int FIRST = 20000;
  private static final int LAST = 32767;
  private static final int CANDIDATES = 200;

  private RendezvousPorts() {}

  /** Some of them, in the order in which they are to be tried. */
  public static List<Integer> candidates(Random random) {
    return random.ints(CANDIDATES, FIRST, LAST + 1).boxed().toList();
  }

  /**
   * What is to be said if none of them is free.
   *
   * @param where {@code " on HOST"}, or empty text for this machine
   */
  public static String noneFree(String where) {
    return "Cannot find a free port for rank 0%s between %d and %d: %d tried. End the processes that hold them."
        .formatted(where, FIRST, LAST, CANDIDATES);
  }
}
