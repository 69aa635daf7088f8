package io.millrace.training.local;

import io.millrace.training.TrainingException;
import io.millrace.training.gang.GangNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.Random;

/**
 * A port for the rendezvous of one gang, held from its choice to the end of the run.
 *
 * <p>It is held by a socket that is bound to it and never listens. Nobody else can bind the port
 * meanwhile but a socket with {@code SO_REUSEADDR} that listens, which is what rank 0 opens
 * (PyTorch's store and MindSpore's scheduler do so). The socket is bound without that option and
 * gets it afterwards, so that two of these exclude each other (Linux, tcp(7)).
 *
 * <p>Chosen below 32768, where Linux's range for outgoing connections begins: a port from that
 * range may be taken by any client before a socket holds it.
 */
final class MasterPort implements GangNode.PortHold {
  private static final int FIRST = 20000;
  private static final int LAST = 32767;
  private static final int ATTEMPTS = 200;

  private final Socket holder;

  private MasterPort(Socket holder) {
    this.holder = holder;
  }

  /** A port that was free on every address of the machine. */
  static MasterPort reserve(Random random) {
    for (int i = 0; i < ATTEMPTS; i++) {
      Optional<Socket> held = hold(FIRST + random.nextInt(LAST - FIRST + 1));
      if (held.isPresent()) {
        return new MasterPort(held.get());
      }
    }
    throw new TrainingException(
        "Cannot find a free port for rank 0 between %d and %d: %d tried. End the processes that hold them."
            .formatted(FIRST, LAST, ATTEMPTS));
  }

  @Override
  public int number() {
    return holder.getLocalPort();
  }

  @Override
  public void close() {
    try {
      holder.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot give back port " + number(), e);
    }
  }

  /** Empty if somebody has the port. */
  private static Optional<Socket> hold(int port) {
    Socket socket = new Socket();
    try {
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress(port));
      socket.setReuseAddress(true);
      return Optional.of(socket);
    } catch (BindException e) {
      closeUnbound(socket);
      return Optional.empty();
    } catch (IOException e) {
      closeUnbound(socket);
      throw new UncheckedIOException("Cannot reserve a port", e);
    }
  }

  private static void closeUnbound(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close a socket", e);
    }
  }
}
