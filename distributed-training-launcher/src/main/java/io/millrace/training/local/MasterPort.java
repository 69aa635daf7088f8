package io.millrace.training.local;

import io.millrace.training.TrainingException;
import io.millrace.training.gang.GangNode;
import io.millrace.training.gang.RendezvousPorts;
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
 */
final class MasterPort implements GangNode.PortHold {
  private final Socket holder;

  private MasterPort(Socket holder) {
    this.holder = holder;
  }

  /** A port that was free on every address of the machine. */
  static MasterPort reserve(Random random) {
    for (int candidate : RendezvousPorts.candidates(random)) {
      Optional<Socket> held = hold(candidate);
      if (held.isPresent()) {
        return new MasterPort(held.get());
      }
    }
    throw new TrainingException(RendezvousPorts.noneFree(""));
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
