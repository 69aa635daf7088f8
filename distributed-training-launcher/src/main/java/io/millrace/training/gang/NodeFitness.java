package io.millrace.training.gang;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.DeviceType;
import io.millrace.training.TrainingJob;
import io.millrace.training.watch.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Looks whether nodes are fit for a job, by a script that runs on each ({@code node_checks.py}).
 */
final class NodeFitness {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final TrainingJob job;
  private final NodeChecks checks;

  NodeFitness(TrainingJob job, NodeChecks checks) {
    this.job = job;
    this.checks = checks;
  }

  /**
   * What one check has found.
   *
   * @param code 0 if all is well
   */
  record Finding(int code, String message, String item) {
    boolean isFault() {
      return code != 0;
    }

    /** As ModelArts writes it into the log of a node. */
    String logLine() {
      return "[%s][task][detect] code: %d, message: %s, item: %s"
          .formatted(isFault() ? "ERROR" : "INFO", code, message, item);
    }
  }

  boolean isWanted() {
    return switch (checks.when()) {
      case ALWAYS -> true;
      case WITH_RETRIES -> job.retries() > 0;
      case NEVER -> false;
    };
  }

  /**
   * Checks every node and writes down in its log what was found.
   *
   * @param script on the nodes
   * @return a sentence, without its full stop, for each node that is unfit
   */
  SortedMap<Integer, String> faults(List<GangNode> machines, Path script, RunJournal journal) {
    List<String> hosts = machines.stream().map(GangNode::address).toList();
    SortedMap<Integer, String> faults = new TreeMap<>();
    for (int node = 0; node < machines.size(); node++) {
      GangNode machine = machines.get(node);
      journal.addOfNode(node, RunEvent.Type.NODE_CHECKING, "Checking the node");
      long begin = System.nanoTime();
      List<Finding> findings = check(machine, script, hosts);
      for (Finding finding : findings) {
        journal.addLine(node, finding.logLine());
      }
      String found =
          findings.stream()
              .filter(Finding::isFault)
              .map(fault -> fault.item() + ": " + fault.message())
              .collect(Collectors.joining("; "));
      long nanos = System.nanoTime() - begin;
      if (found.isEmpty()) {
        journal.addOfNode(node, RunEvent.Type.NODE_CHECKED, nanos, "Node checked");
      } else {
        journal.addOfNode(
            node, RunEvent.Type.NODE_UNFIT, nanos, "Check failed. Faults found: " + found);
        faults.put(node, "worker-%d (%s) is unfit: %s".formatted(node, machine.host(), found));
      }
    }
    return faults;
  }

  /**
   * Checks a node. One on which the script cannot be run is not fit either.
   *
   * @param script on the node
   * @param hosts of all nodes
   */
  private List<Finding> check(GangNode machine, Path script, List<String> hosts) {
    List<String> command =
        List.of(machine.python(), "-I", "-S", script.toString(), wanted(hosts).toString());
    try {
      GangNode.CommandResult result = machine.run(command, TIMEOUT);
      if (result.exitCode() != 0) {
        return List.of(new Finding(1, result.output().strip(), "node"));
      }
      return findings(result.output());
    } catch (IOException e) {
      return List.of(new Finding(1, String.valueOf(e.getMessage()), "node"));
    }
  }

  private static List<Finding> findings(String output) throws JsonProcessingException {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode each : JSON.readTree(output)) {
      findings.add(
          new Finding(
              each.path("code").asInt(),
              each.path("message").asText(),
              each.path("item").asText()));
    }
    return findings;
  }

  private ObjectNode wanted(List<String> hosts) {
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    ArrayNode names = wanted.putArray("hosts");
    hosts.stream().distinct().forEach(names::add);
    ObjectNode disks = wanted.putObject("disks");
    checks
        .freeBytes()
        .forEach(
            (item, bytes) ->
                disks.putObject(item).put("path", NodeChecks.pathOf(item)).put("bytes", bytes));
    ObjectNode limits = wanted.putObject("limits");
    checks.limits().forEach(limits::put);
    DeviceType type = job.resources().deviceType();
    if (type != DeviceType.CPU) {
      wanted.put("device_type", type.name().toLowerCase(Locale.ROOT));
      wanted.put("devices", job.devicesPerNode());
    }
    return wanted;
  }
}
