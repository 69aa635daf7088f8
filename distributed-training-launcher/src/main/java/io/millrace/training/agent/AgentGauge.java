package io.millrace.training.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.TrainingJob;
import io.millrace.training.resource.DeviceLoad;
import io.millrace.training.resource.DeviceReading;
import io.millrace.training.resource.JobDevices;
import io.millrace.training.resource.Machine;
import io.millrace.training.resource.NodeGauge;
import io.millrace.training.resource.NodeReading;
import io.millrace.training.resource.NodeReading.MachineCounters;
import io.millrace.training.resource.NodeReading.ProcessCounters;
import io.millrace.training.resource.VendorTool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Figures of a node that its agent reads; all of them by one call. */
final class AgentGauge implements NodeGauge {
  private final AgentConnection connection;

  AgentGauge(AgentConnection connection) {
    this.connection = connection;
  }

  @Override
  public Machine machine() {
    return connection.hello().machine();
  }

  @Override
  public int cores() {
    return connection.hello().cores();
  }

  @Override
  public JobDevices devices(TrainingJob job) {
    AgentHello hello = connection.hello();
    return JobDevices.of(job, hello.devices(), hello.visibleDevices());
  }

  @Override
  public Optional<String> problem() {
    return connection.hello().vitalsProblem();
  }

  @Override
  public CompletableFuture<NodeReading> read(List<Long> supervised, Set<VendorTool> tools) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("call", "usage");
    ArrayNode channels = request.putArray("channels");
    supervised.forEach(channels::add);
    ObjectNode commands = request.putObject("tools");
    tools.forEach(
        tool -> {
          ArrayNode words = commands.putArray(tool.name());
          tool.command().forEach(words::add);
        });
    request.put("timeout", VendorTool.TIMEOUT.toMillis() / 1000.0);
    return connection
        .ask(request)
        .thenApply(answer -> reading(answer, tools.isEmpty() ? Optional.empty() : devices(answer)));
  }

  private static NodeReading reading(JsonNode answer, Optional<DeviceReading> devices) {
    JsonNode processes = answer.path("processes");
    List<Long> ids = new ArrayList<>();
    processes.fieldNames().forEachRemaining(id -> ids.add(Long.valueOf(id)));
    return new NodeReading(
        Duration.ofNanos(answer.path("clock").asLong()),
        MachineCounters.of(answer.path("stat").asText(), answer.path("meminfo").asText()),
        ProcessCounters.of(
            ids, (process, file) -> processes.path(Long.toString(process)).path(file).asText()),
        devices);
  }

  private static Optional<DeviceReading> devices(JsonNode answer) {
    JsonNode tools = answer.path("tools");
    if (tools.isEmpty()) {
      return Optional.of(new DeviceReading.NoTool());
    }
    List<DeviceLoad> devices = new ArrayList<>();
    for (VendorTool tool : VendorTool.values()) {
      try {
        devices.addAll(devices(tool, tools.path(tool.name())));
      } catch (IOException e) {
        return Optional.of(new DeviceReading.Failed(e.getMessage()));
      }
    }
    return Optional.of(new DeviceReading.Read(devices));
  }

  private static List<DeviceLoad> devices(VendorTool tool, JsonNode answer) throws IOException {
    if (answer.isMissingNode()) {
      return List.of(); // the node does not have it
    }
    String program = answer.path("program").asText();
    if (answer.has("error")) {
      throw new IOException(
          "%s cannot be run: %s".formatted(program, answer.path("error").asText()));
    }
    if (!answer.has("exit_code")) {
      throw new IOException(VendorTool.tooLate(program, VendorTool.TIMEOUT));
    }
    return tool.read(program, answer.path("exit_code").asInt(), answer.path("output").asText());
  }
}
