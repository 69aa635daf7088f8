package io.millrace.training.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
    boolean seesVitals) {
  AgentHello {
    devices = List.copyOf(devices);
    variablesSet = Set.copyOf(variablesSet);
  }

  static AgentHello decode(Frame frame) throws IOException {
    if (frame.kind() != Frame.Kind.HELLO) {
      throw new IOException("Expected an agent's hello, and got " + frame.kind());
    }
    JsonNode json = frame.json();
    List<String> devices = new ArrayList<>();
    json.path("devices").forEach(each -> devices.add(each.asText()));
    Set<String> set = new HashSet<>();
    json.path("set").forEach(each -> set.add(each.asText()));
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
        json.path("vitals").asBoolean());
  }
}
