package io.millrace.training.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.GangProcesses;
import io.millrace.training.gang.GangNode;
import io.millrace.training.gang.NodeLostException;
import io.millrace.training.gang.SupervisedProcess;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to one agent that has introduced itself. */
final class AgentConnection implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentConnection.class);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration FAREWELL = Duration.ofSeconds(15);

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final AgentHello hello;
  private final AtomicInteger channels = new AtomicInteger();
  private final Map<Integer, AgentProcess> processes = new ConcurrentHashMap<>();
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private Optional<String> lost = Optional.empty();
  private Thread reader = new Thread();

  private AgentConnection(
      Socket socket, DataInputStream in, DataOutputStream out, AgentHello hello) {
    this.socket = socket;
    this.in = in;
    this.out = out;
    this.hello = hello;
  }

  /**
   * Listens to who has connected.
   *
   * @throws IOException if it is no agent
   */
  static AgentConnection accept(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    return new AgentConnection(socket, in, out, AgentHello.decode(Frame.read(in)));
  }

  AgentHello hello() {
    return hello;
  }

  /**
   * Begins to listen.
   *
   * @param patience how long launcher and agent may hear nothing of each other
   */
  void open(Duration patience) throws IOException {
    socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
    send(
        Frame.of(
            Frame.Kind.WELCOME,
            0,
            JsonNodeFactory.instance.objectNode().put("patience", patience.toMillis() / 1000.0)));
    reader = new Thread(() -> listen(patience), "agent-" + hello.host() + "-" + hello.node());
    reader.setDaemon(true);
    reader.start();
  }

  /** Shows the agent that the launcher lives. */
  void ping() {
    try {
      send(new Frame(Frame.Kind.PING, 0, new byte[0]));
    } catch (IOException e) {
      LOG.debug("The agent on {} is gone: {}", hello.host(), e.getMessage());
    }
  }

  void send(Frame frame) throws IOException {
    try {
      synchronized (out) {
        frame.write(out);
      }
    } catch (SocketException e) {
      throw new NodeLostException(
          hello.host(), "the connection to its node %s ended".formatted(hello.host()));
    }
  }

  SupervisedProcess start(GangNode.ProcessOrder order) throws IOException {
    int channel = channels.incrementAndGet();
    AgentProcess process = new AgentProcess(this, channel);
    synchronized (this) {
      if (lost.isPresent()) {
        throw new NodeLostException(hello.host(), lost.get());
      }
      processes.put(channel, process);
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode command = json.putArray("command");
    order.command().forEach(command::add);
    json.put("directory", order.directory().toString());
    ObjectNode environment = json.putObject("environment");
    order.environment().forEach(environment::put);
    ArrayNode unset = json.putArray("unset");
    GangProcesses.NEVER_INHERITED.forEach(unset::add);
    send(Frame.of(Frame.Kind.START, channel, json));
    return process;
  }

  JsonNode call(ObjectNode request) throws IOException {
    return call(request, CALL_TIMEOUT);
  }

  /**
   * Has the agent do something and waits for its answer.
   *
   * @throws IOException if the agent cannot do it, is lost, or takes too long
   */
  JsonNode call(ObjectNode request, Duration timeout) throws IOException {
    int channel = channels.incrementAndGet();
    CompletableFuture<JsonNode> answer = ask(channel, request);
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "The agent on %s has not answered within %d s"
              .formatted(hello.host(), timeout.toSeconds()),
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NodeLostException gone) {
        throw new NodeLostException(gone.host(), gone.getMessage());
      }
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the agent on " + hello.host(), e);
    } finally {
      calls.remove(channel);
    }
  }

  /**
   * Has the agent do something.
   *
   * @return its answer, once it is there; an {@link IOException} if the agent cannot do it or is
   *     lost
   */
  CompletableFuture<JsonNode> ask(ObjectNode request) {
    return ask(channels.incrementAndGet(), request);
  }

  private CompletableFuture<JsonNode> ask(int channel, ObjectNode request) {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    synchronized (this) {
      if (lost.isPresent()) {
        answer.completeExceptionally(new NodeLostException(hello.host(), lost.get()));
        return answer;
      }
      calls.put(channel, answer);
    }
    try {
      send(Frame.of(Frame.Kind.CALL, channel, request));
    } catch (IOException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private void listen(Duration patience) {
    try {
      while (true) {
        handle(Frame.read(in));
      }
    } catch (SocketTimeoutException e) {
      lose(
          "nothing was heard of its node %s for %d s"
              .formatted(hello.host(), patience.toSeconds()));
    } catch (IOException e) {
      lose("the connection to its node %s ended".formatted(hello.host()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(Frame frame) throws IOException, InterruptedException {
    switch (frame.kind()) {
      case OUTPUT, STATUS -> {
        AgentProcess process = processes.get(frame.channel());
        if (process != null) {
          process.accept(frame);
        }
      }
      case CLOSED -> {
        AgentProcess process = processes.remove(frame.channel());
        if (process != null) {
          process.accept(frame);
        }
      }
      case RESULT -> {
        CompletableFuture<JsonNode> call = calls.remove(frame.channel());
        if (call != null) {
          answer(call, frame.json());
        }
      }
      case PONG -> LOG.trace("{} lives", hello.host());
      case START, ORDERS, CALL, PING, WELCOME, HELLO ->
          throw new IOException("Unexpected frame: " + frame.kind());
    }
  }

  private static void answer(CompletableFuture<JsonNode> call, JsonNode given) {
    if (given.has("error")) {
      call.completeExceptionally(new IOException(given.path("error").asText()));
    } else {
      call.complete(given);
    }
  }

  private void lose(String why) {
    synchronized (this) {
      lost = Optional.of(why);
    }
    closeSocket();
    calls
        .values()
        .forEach(call -> call.completeExceptionally(new NodeLostException(hello.host(), why)));
    for (AgentProcess process : processes.values()) {
      try {
        process.lose(why);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("Cannot close the connection to {}: {}", hello.host(), e.getMessage());
    }
  }

  /** Tells the agent to kill its processes and to end. */
  void dismiss() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      LOG.debug("The agent on {} is gone: {}", hello.host(), e.getMessage());
    }
  }

  /** Waits until a dismissed agent has ended, but not for ever. */
  @Override
  public void close() {
    try {
      reader.join(FAREWELL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeSocket();
  }
}
