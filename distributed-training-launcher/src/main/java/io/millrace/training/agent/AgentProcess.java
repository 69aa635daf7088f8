package io.millrace.training.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.training.gang.SupervisedProcess;
import io.millrace.training.hang.LinuxVitals;
import io.millrace.training.hang.Vitals;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A supervisor that an agent has started. */
final class AgentProcess implements SupervisedProcess {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);

  private final AgentConnection connection;
  private final int channel;
  private final ChannelInput output = new ChannelInput();
  private final ChannelInput status = new ChannelInput();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Optional<String> lost = Optional.empty();

  AgentProcess(AgentConnection connection, int channel) {
    this.connection = connection;
    this.channel = channel;
  }

  void accept(Frame frame) throws InterruptedException {
    switch (frame.kind()) {
      case OUTPUT -> output.add(frame.payload());
      case STATUS -> {
        if (frame.payload().length == 0) {
          status.end();
        } else {
          status.add(frame.payload());
        }
      }
      case CLOSED -> end();
      case START, ORDERS, CALL, PING, WELCOME, HELLO, RESULT, PONG ->
          throw new IllegalArgumentException("No frame of a process: " + frame.kind());
    }
  }

  /** Nothing more is heard of it. */
  void lose(String why) throws InterruptedException {
    lost = Optional.of(why);
    end();
  }

  private void end() throws InterruptedException {
    output.end();
    status.end();
    ended.countDown();
  }

  @Override
  public OutputStream orders() {
    return new OutputStream() {
      @Override
      public void write(int letter) throws IOException {
        write(new byte[] {(byte) letter}, 0, 1);
      }

      @Override
      public void write(byte[] letters, int offset, int length) throws IOException {
        connection.send(
            new Frame(
                Frame.Kind.ORDERS, channel, Arrays.copyOfRange(letters, offset, offset + length)));
      }
    };
  }

  @Override
  public InputStream output() {
    return output;
  }

  @Override
  public InputStream status() {
    return status;
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  @Override
  public Optional<String> lost() {
    return lost;
  }

  @Override
  public void sweep(long processGroup, String mark) {
    try {
      connection.call(
          JsonNodeFactory.instance
              .objectNode()
              .put("call", "sweep")
              .put("group", processGroup)
              .put("mark", mark));
    } catch (IOException e) {
      LOG.warn(
          "Cannot kill the process group {} on {}: {}",
          processGroup,
          connection.hello().host(),
          e.getMessage());
    }
  }

  @Override
  public long number() {
    return channel;
  }

  @Override
  public Optional<Vitals> vitals() {
    try {
      JsonNode processes =
          connection
              .call(
                  JsonNodeFactory.instance
                      .objectNode()
                      .put("call", "vitals")
                      .put("channel", channel))
              .path("processes");
      List<Long> ids = new ArrayList<>();
      processes.fieldNames().forEachRemaining(id -> ids.add(Long.valueOf(id)));
      return LinuxVitals.of(
          ids, (process, file) -> processes.path(Long.toString(process)).path(file(file)).asText());
    } catch (IOException e) {
      LOG.debug("Nothing is known of processes on {}: {}", connection.hello().host(), e);
      return Optional.empty();
    }
  }

  /** The agent names the main thread's file without the process's number. */
  private static String file(String name) {
    return name.startsWith("task/") ? "task" : name;
  }
}
