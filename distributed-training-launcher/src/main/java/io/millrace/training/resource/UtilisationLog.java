package io.millrace.training.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.training.watch.LogLimits;
import io.millrace.training.watch.RotatingLogFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The looks at a run, kept as JSON lines; numbers are percents, rounded to two decimals:
 *
 * <pre>
 * {"time": "2026-03-01T12:00:10Z",
 *  "machine": {"cpuUsage": 93.5, "memUsage": 41.2, "memBytes": 6921654272},
 *  "nodes": {"worker-0": {"cpuUsage": 88, "memUsage": 2.5, "memBytes": 419430400}},
 *  "devices": [{"kind": "gpu", "index": 0, "gpuUtil": 97, "gpuMemUsage": 81.5}]}
 * </pre>
 */
public final class UtilisationLog implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NODE = "worker-";

  private final RotatingLogFile file;

  /** Goes on where an existing file ends. */
  public UtilisationLog(Path file, LogLimits limits) throws IOException {
    this.file = new RotatingLogFile(file, limits);
  }

  /** Writes one look down. */
  void add(UtilisationLook look) throws IOException {
    byte[] line = (encode(look) + "\n").getBytes(StandardCharsets.UTF_8);
    file.write(line, 0, line.length);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /**
   * The looks that are kept, the oldest first; none if there is no file. A line that is no look, as
   * a half one at the end, is left out.
   *
   * @param file as it was given to the writer
   */
  public static List<UtilisationLook> read(Path file) throws IOException {
    List<UtilisationLook> looks = new ArrayList<>();
    for (Path part : RotatingLogFile.filesOf(file)) {
      String text;
      try {
        text = Files.readString(part);
      } catch (NoSuchFileException e) {
        // Rotated away since the parts were listed: its lines are the oldest, and gone.
        continue;
      }
      text.lines().map(UtilisationLog::whole).flatMap(Optional::stream).forEach(looks::add);
    }
    return looks;
  }

  /** Empty for what a killed launcher leaves; the looks around it say enough. */
  private static Optional<UtilisationLook> whole(String line) {
    try {
      return Optional.of(decode(line));
    } catch (JsonProcessingException | DateTimeException | DatasetException e) {
      return Optional.empty();
    }
  }

  static String encode(UtilisationLook look) {
    ObjectNode line = JSON.createObjectNode().put("time", look.time().toString());
    encode(look.machine(), line.putObject("machine"));
    ObjectNode nodes = line.putObject("nodes");
    look.nodes().forEach((node, load) -> encode(load, nodes.putObject(NODE + node)));
    ArrayNode devices = line.putArray("devices");
    for (DeviceLoad each : look.devices()) {
      ObjectNode device =
          devices
              .addObject()
              .put("kind", each.kind().name().toLowerCase(Locale.ROOT))
              .put("index", each.index());
      each.utilisation()
          .ifPresent(percent -> device.put(each.kind().utilisation().field(), rounded(percent)));
      each.memory()
          .ifPresent(percent -> device.put(each.kind().memory().field(), rounded(percent)));
    }
    return line.toString();
  }

  private static void encode(ProcessorLoad load, ObjectNode node) {
    node.put(Usage.CPU.field(), rounded(load.cpu()))
        .put(Usage.MEMORY.field(), rounded(load.memory()))
        .put("memBytes", load.memoryBytes());
  }

  private static double rounded(double percent) {
    return Math.round(percent * 100) / 100.0;
  }

  private static UtilisationLook decode(String text) throws JsonProcessingException {
    JsonNode line = JSON.readTree(text);
    SortedMap<Integer, ProcessorLoad> nodes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> node : line.path("nodes").properties()) {
      try {
        nodes.put(Integer.valueOf(node.getKey().substring(NODE.length())), load(node.getValue()));
      } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
        throw new DatasetException("Invalid node: " + node.getKey(), e);
      }
    }
    List<DeviceLoad> devices = new ArrayList<>();
    for (JsonNode each : line.path("devices")) {
      DeviceLoad.Kind kind =
          each.path("kind").asText().equals("npu") ? DeviceLoad.Kind.NPU : DeviceLoad.Kind.GPU;
      devices.add(
          new DeviceLoad(
              kind,
              each.path("index").asInt(),
              percent(each, kind.utilisation()),
              percent(each, kind.memory())));
    }
    return new UtilisationLook(
        Instant.parse(line.path("time").asText()), load(line.path("machine")), nodes, devices);
  }

  private static ProcessorLoad load(JsonNode node) {
    return new ProcessorLoad(
        node.path(Usage.CPU.field()).asDouble(),
        node.path(Usage.MEMORY.field()).asDouble(),
        node.path("memBytes").asLong());
  }

  private static OptionalDouble percent(JsonNode node, Usage usage) {
    return node.has(usage.field())
        ? OptionalDouble.of(node.path(usage.field()).asDouble())
        : OptionalDouble.empty();
  }
}
