package io.millrace.training.local;

import io.millrace.training.TrainingException;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * A port for the rendezvous of one gang. Chosen below 32768, where Linux's range for outgoing
 * connections begins: a port from that range may be taken by any client between the choice and its
 * use, and the gang would hang.
 */
final class MasterPort implements AutoCloseable {
  private static final int FIRST = 20000;
  private static final int LAST = 32767;
  private static final int ATTEMPTS = 200;
  private static final Set<Integer> IN_USE = new HashSet<>();

  private final int number;

  private MasterPort(int number) {
    this.number = number;
  }

  /** A free port that no other gang of this process has until this one is closed. */
  static MasterPort reserve(Random random) {
    synchronized (IN_USE) {
      for (int i = 0; i < ATTEMPTS; i++) {
        int candidate = FIRST + random.nextInt(LAST - FIRST + 1);
        if (!IN_USE.contains(candidate) && isFree(candidate)) {
          IN_USE.add(candidate);
          return new MasterPort(candidate);
        }
      }
    }
    throw new TrainingException(
        "Cannot find a free port for rank 0 between %d and %d: %d tried. End the processes that hold them."
            .formatted(FIRST, LAST, ATTEMPTS));
  }

  int number() {
    return number;
  }

  @Override
  public void close() {
    synchronized (IN_USE) {
      IN_USE.remove(number);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket everywhere = new ServerSocket(port)) {
      return everywhere.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
