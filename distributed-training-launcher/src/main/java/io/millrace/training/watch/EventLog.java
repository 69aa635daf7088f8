package io.millrace.training.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The events of one run, kept as JSON lines: {@code {"time", "type", "node", "message"}}. Safe for
 * use by several threads; one process writes, any number read.
 */
public final class EventLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Clock clock;
  private final Consumer<RunEvent> listener;

  public EventLog(Path file, Clock clock) {
    this(file, clock, event -> {});
  }

  /**
   * @param listener told of each event once it is written; has to return at once
   */
  public EventLog(Path file, Clock clock, Consumer<RunEvent> listener) {
    this.file = file;
    this.clock = clock;
    this.listener = listener;
  }

  /** Records what concerns the run as a whole. */
  public RunEvent add(RunEvent.Type type, String message) {
    return append(new RunEvent(clock.instant(), type, "", message));
  }

  /** Records what concerns one node. */
  public RunEvent addOfNode(int node, RunEvent.Type type, String message) {
    String name = "worker-" + node;
    return append(new RunEvent(clock.instant(), type, name, "[" + name + "] " + message));
  }

  private synchronized RunEvent append(RunEvent event) {
    ObjectNode line = JSON.createObjectNode();
    line.put("time", event.time().toString());
    line.put("type", event.type().name().toLowerCase(Locale.ROOT));
    line.put("node", event.node());
    line.put("message", event.message());
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
    listener.accept(event);
    return event;
  }

  /** The events so far, in order; none if the file does not exist. A half last line is left out. */
  public static List<RunEvent> read(Path file) throws IOException {
    List<RunEvent> events = new ArrayList<>();
    if (!Files.exists(file)) {
      return events;
    }
    String text = Files.readString(file);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    for (String line : whole.lines().toList()) {
      JsonNode node = JSON.readTree(line);
      events.add(
          new RunEvent(
              Instant.parse(node.path("time").asText()),
              RunEvent.Type.valueOf(node.path("type").asText().toUpperCase(Locale.ROOT)),
              node.path("node").asText(),
              node.path("message").asText()));
    }
    return events;
  }
}
