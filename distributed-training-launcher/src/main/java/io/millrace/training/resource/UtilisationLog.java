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
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The looks at a run, kept as JSON lines; numbers are percents, rounded to two decimals, {@code
 * used} has the indexes of the devices that the job uses:
 *
 * <pre>
 * {"time": "2026-03-01T12:00:10Z", "machines": {
 *   "n1": {"cpuUsage": 93.5, "memUsage": 41.2, "memBytes": 6921654272,
 *     "nodes": {"worker-0": {"cpuUsage": 88, "memUsage": 2.5, "memBytes": 419430400}},
 *     "devices": [{"kind": "gpu", "index": 0, "gpuUtil": 97, "gpuMemUsage": 81.5}],
 *     "used": [0]}}}
 * </pre>
 *
 * Earlier lines told of one machine, the launcher's own, with {@code machine}, {@code nodes} and
 * {@code devices} side by side; they are read as such, all devices as used ones.
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
    ObjectNode machines = line.putObject("machines");
    look.machines().forEach((name, machine) -> encode(machine, machines.putObject(name)));
    return line.toString();
  }

  private static void encode(MachineLook machine, ObjectNode node) {
    encode(machine.load(), node);
    ObjectNode nodes = node.putObject("nodes");
    machine.nodes().forEach((number, load) -> encode(load, nodes.putObject(NODE + number)));
    if (machine.devices().isEmpty()) {
      return;
    }
    ArrayNode devices = node.putArray("devices");
    machine.devices().forEach(each -> encode(each, devices.addObject()));
    ArrayNode used = node.putArray("used");
    machine.used().forEach(used::add);
  }

  private static void encode(DeviceLoad each, ObjectNode device) {
    device.put("kind", each.kind().name().toLowerCase(Locale.ROOT)).put("index", each.index());
    each.utilisation()
        .ifPresent(percent -> device.put(each.kind().utilisation().field(), rounded(percent)));
    each.memory().ifPresent(percent -> device.put(each.kind().memory().field(), rounded(percent)));
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
    SortedMap<String, MachineLook> machines = new TreeMap<>();
    if (line.has("machine")) {
      MachineLook machine = machine(line, line.path("machine"));
      Set<Integer> all =
          machine.devices().stream().map(DeviceLoad::index).collect(Collectors.toSet());
      machines.put("localhost", machine.withDevices(machine.devices(), all));
    }
    for (Map.Entry<String, JsonNode> each : line.path("machines").properties()) {
      machines.put(each.getKey(), machine(each.getValue(), each.getValue()));
    }
    return new UtilisationLook(Instant.parse(line.path("time").asText()), machines);
  }

  private static MachineLook machine(JsonNode node, JsonNode load) {
    SortedMap<Integer, ProcessorLoad> nodes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : node.path("nodes").properties()) {
      try {
        nodes.put(Integer.valueOf(each.getKey().substring(NODE.length())), load(each.getValue()));
      } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
        throw new DatasetException("Invalid node: " + each.getKey(), e);
      }
    }
    List<DeviceLoad> devices = new ArrayList<>();
    node.path("devices").forEach(each -> devices.add(device(each)));
    SortedSet<Integer> used = new TreeSet<>();
    node.path("used").forEach(each -> used.add(each.asInt()));
    return new MachineLook(load(load), nodes, devices, used);
  }

  private static DeviceLoad device(JsonNode node) {
    DeviceLoad.Kind kind =
        node.path("kind").asText().equals("npu") ? DeviceLoad.Kind.NPU : DeviceLoad.Kind.GPU;
    return new DeviceLoad(
        kind,
        node.path("index").asInt(),
        percent(node, kind.utilisation()),
        percent(node, kind.memory()));
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
