package io.millrace.training.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.training.resource.JobDevices;
import io.millrace.training.resource.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How an agent introduces itself.
 *
 * @param node its number in the run
 * @param address of its machine, as seen by the launcher
 * @param networkInterface that has the address; empty text if the agent did not find it
 * @param devices given to it by whoever started it
 * @param pythonPath of its machine
 * @param variablesSet those of the launcher's preset variables that its machine sets itself
 * @param seesVitals whether it can tell what processes have done
 * @param machine what is under it, by whatever name a scheduler calls that
 * @param visibleDevices the variables of its machine that show processes some devices only
 */
record AgentHello(
    String token,
    int node,
    String host,
    String address,
    String networkInterface,
    int cores,
    List<String> devices,
    String pythonPath,
    Set<String> variablesSet,
    boolean seesVitals,
    Machine machine,
    Map<String, String> visibleDevices) {
  AgentHello {
    devices = List.copyOf(devices);
    variablesSet = Set.copyOf(variablesSet);
    visibleDevices = Map.copyOf(visibleDevices);
  }

  /** Why it cannot tell what processes have done; empty if it can. */
  Optional<String> vitalsProblem() {
    return seesVitals ? Optional.empty() : Optional.of("/proc/self/io cannot be read on " + host);
  }

  static AgentHello decode(Frame frame) throws IOException {
    if (frame.kind() != Frame.Kind.HELLO) {
      throw new IOException("Expected an agent's hello, and got " + frame.kind());
    }
    JsonNode json = frame.json();
    if (json.path("machine").asText().isBlank()) {
      throw new IOException("it does not say on which machine it is");
    }
    List<String> devices = new ArrayList<>();
    json.path("devices").forEach(each -> devices.add(each.asText()));
    Set<String> set = new HashSet<>();
    json.path("set").forEach(each -> set.add(each.asText()));
    Map<String, String> visible = new TreeMap<>();
    for (String name : JobDevices.VISIBLE) {
      if (json.path("visible").has(name)) {
        visible.put(name, json.path("visible").path(name).asText());
      }
    }
    return new AgentHello(
        json.path("token").asText(),
        json.path("node").asInt(-1),
        json.path("host").asText(),
        json.path("address").asText(),
        json.path("interface").asText(),
        Math.max(1, json.path("cores").asInt()),
        devices,
        json.path("pythonpath").asText(),
        set,
        json.path("vitals").asBoolean(),
        new Machine(json.path("machine").asText(), json.path("boot").asText()),
        visible);
  }
}
