package io.millrace.training.agent;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.training.DaemonThreads;
import io.millrace.training.gang.GangNode;
import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the agents of one attempt connect. An agent that does not know the token, has no number of
 * this run or comes a second time is sent away.
 *
 * <p>The connection is neither encrypted nor signed: the network between launcher and nodes has to
 * be trusted, as that between the ranks themselves is.
 */
public final class AgentHub implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentHub.class);
  private static final Duration BEAT = Duration.ofSeconds(2);

  /** The variable by which an agent learns the token. */
  public static final String TOKEN_VARIABLE = "MILLRACE_AGENT_TOKEN";

  private final ServerSocket server;
  private final String token;
  private final int nodes;
  private final Duration patience;
  private final SortedMap<Integer, AgentConnection> agents = new TreeMap<>();
  private final ScheduledExecutorService beats;
  private Future<?> beating = CompletableFuture.completedFuture(null);

  private AgentHub(ServerSocket server, int nodes, Duration patience) {
    this.server = server;
    this.nodes = nodes;
    this.patience = patience;
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    this.token = HexFormat.of().formatHex(secret);
    this.beats = DaemonThreads.scheduler("agent-beats");
  }

  /**
   * Begins to listen, on every address of this machine.
   *
   * @param nodes how many agents will come
   * @param patience how long launcher and agent may hear nothing of each other before each takes
   *     the other for lost; at least 5 s
   */
  public static AgentHub open(int nodes, Duration patience) throws IOException {
    checkArgument(nodes > 0, "Invalid number of nodes: %s", nodes);
    checkArgument(
        patience.compareTo(Duration.ofSeconds(5)) >= 0,
        "Invalid patience: %s (expected at least 5 s)",
        patience);
    AgentHub hub = new AgentHub(new ServerSocket(0), nodes, patience);
    Thread accept = new Thread(hub::accept, "agent-hub");
    accept.setDaemon(true);
    accept.start();
    hub.beating =
        hub.beats.scheduleWithFixedDelay(
            hub::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    return hub;
  }

  public int port() {
    return server.getLocalPort();
  }

  /** What agents have to know. Not to be logged or given as an argument. */
  public String token() {
    return token;
  }

  /**
   * Waits for all agents.
   *
   * @param python of the training scripts on the nodes
   * @param timeout how long to wait at most
   * @return the nodes in order; empty if some have not come in time
   */
  public synchronized Optional<List<GangNode>> await(String python, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (agents.size() < nodes) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return Optional.empty();
      }
      wait(left);
    }
    List<GangNode> all = new ArrayList<>();
    agents.values().forEach(agent -> all.add(new AgentNode(agent, python)));
    return Optional.of(all);
  }

  /** How many agents are there. */
  public synchronized int present() {
    return agents.size();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread greeting = new Thread(() -> greet(socket), "agent-greeting");
        greeting.setDaemon(true);
        greeting.start();
      } catch (IOException e) {
        if (!server.isClosed()) {
          LOG.warn("Cannot take in an agent: {}", e.getMessage());
        }
      }
    }
  }

  private void greet(Socket socket) {
    try {
      welcome(AgentConnection.accept(socket));
    } catch (IOException e) {
      LOG.warn(
          "Sent away {}, which connected as an agent: {}",
          socket.getRemoteSocketAddress(),
          e.getMessage());
      close(socket);
    }
  }

  private synchronized void welcome(AgentConnection agent) throws IOException {
    AgentHello hello = agent.hello();
    boolean knowsToken =
        MessageDigest.isEqual(
            hello.token().getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    if (!knowsToken) {
      throw new IOException("it does not know the token");
    }
    if (hello.node() < 0 || hello.node() >= nodes || agents.containsKey(hello.node())) {
      throw new IOException("node %d is there or is none of %d".formatted(hello.node(), nodes));
    }
    if (server.isClosed()) {
      throw new IOException("the attempt is over");
    }
    agents.put(hello.node(), agent);
    agent.open(patience);
    notifyAll();
  }

  private synchronized void beat() {
    agents.values().forEach(AgentConnection::ping);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("Cannot close a socket: {}", e.getMessage());
    }
  }

  /** Sends every agent away, and waits until each has killed what it has started and is gone. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("Cannot close the hub: {}", e.getMessage());
    }
    beating.cancel(false);
    beats.shutdown();
    List<AgentConnection> present;
    synchronized (this) {
      present = List.copyOf(agents.values());
    }
    present.forEach(AgentConnection::dismiss);
    present.forEach(AgentConnection::close);
  }
}
