package io.millrace.training.resource;

import io.millrace.training.Rank;
import io.millrace.training.TrainingJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of one attempt, each asked once a look, all at once. One that is lost, or has not
 * answered in time, is missing from a look; one whose answer is still on its way is not asked
 * again. Of the nodes on one machine the first tells of the devices.
 */
final class NodesUtilisation implements UtilisationSource {
  private static final Logger LOG = LoggerFactory.getLogger(NodesUtilisation.class);

  /** A tool that failed so often in a row is not asked again. */
  private static final int MOST_FAILURES = 3;

  private final List<JobDevices> devices = new ArrayList<>();
  private final Duration patience;
  private final BiConsumer<Integer, String> notes;
  private final Map<Machine, Host> hosts = new LinkedHashMap<>();
  private final Map<Integer, CompletableFuture<NodeReading>> asked = new HashMap<>();
  private final Set<Integer> unreadable = new HashSet<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  /**
   * Asks nobody yet.
   *
   * @param gauges of the nodes, in order
   * @param patience how long a look waits for the nodes
   * @param notes told, with the number of a node, what cannot be sampled there and why
   */
  NodesUtilisation(
      TrainingJob job,
      List<NodeGauge> gauges,
      Duration patience,
      BiConsumer<Integer, String> notes) {
    this.patience = patience;
    this.notes = notes;
    Map<Machine, SortedMap<Integer, NodeGauge>> byMachine = new LinkedHashMap<>();
    for (int node = 0; node < gauges.size(); node++) {
      NodeGauge gauge = gauges.get(node);
      devices.add(gauge.devices(job));
      byMachine.computeIfAbsent(gauge.machine(), each -> new TreeMap<>()).put(node, gauge);
      if (gauge.problem().isPresent()) {
        unreadable.add(node);
        notes.accept(node, "Utilisation is not sampled: " + gauge.problem().get());
      }
    }
    byMachine.forEach((machine, nodes) -> hosts.put(machine, host(machine, nodes)));
  }

  private Host host(Machine machine, SortedMap<Integer, NodeGauge> nodes) {
    boolean taken = hosts.keySet().stream().anyMatch(other -> other.name().equals(machine.name()));
    Set<Integer> used = new TreeSet<>();
    nodes.keySet().forEach(node -> used.addAll(devices.get(node).indexes()));
    return new Host(
        taken ? "%s (worker-%d)".formatted(machine.name(), nodes.firstKey()) : machine.name(),
        nodes,
        used,
        new MachineMeter(nodes.get(nodes.firstKey()).cores(), nodes.size()));
  }

  /** The devices of a rank, as the tools on its machine count them. */
  List<Integer> devicesOf(Rank rank) {
    return devices.get(rank.node()).of(rank);
  }

  @Override
  public UtilisationLook look(Instant now, Map<Rank, Long> supervised) {
    SortedMap<Integer, List<Long>> byNode = new TreeMap<>();
    supervised.forEach(
        (rank, process) ->
            byNode.computeIfAbsent(rank.node(), each -> new ArrayList<>()).add(process));
    byNode.keySet().removeAll(unreadable);
    SortedMap<Integer, CompletableFuture<NodeReading>> current = new TreeMap<>();
    for (Host host : hosts.values()) {
      host.ask(byNode, current);
    }
    await(current);
    SortedMap<Integer, NodeReading> read = new TreeMap<>();
    current.forEach((node, reading) -> take(node, reading, read));
    SortedMap<String, MachineLook> machines = new TreeMap<>();
    hosts.values().forEach(host -> host.look(read, machines));
    return new UtilisationLook(now, machines);
  }

  private void await(SortedMap<Integer, CompletableFuture<NodeReading>> current) {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(current.values().toArray(CompletableFuture<?>[]::new));
    try {
      CompletableFuture.anyOf(all, over).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("Not all nodes have told of their utilisation: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void take(
      int node, CompletableFuture<NodeReading> reading, SortedMap<Integer, NodeReading> read) {
    if (!reading.isDone()) {
      LOG.debug("Worker-{} has not told of its utilisation in time", node);
      return;
    }
    try {
      read.put(node, reading.join());
    } catch (CompletionException | CancellationException e) {
      LOG.debug("Worker-{} does not tell of its utilisation: {}", node, e.toString());
    }
  }

  @Override
  public void close() {
    over.complete(null);
  }

  /** A machine with the nodes on it. */
  private final class Host {
    private final String name;
    private final SortedMap<Integer, NodeGauge> nodes;
    private final Set<Integer> used;
    private final MachineMeter meter;
    private Set<VendorTool> tools;
    private int failures;

    Host(String name, SortedMap<Integer, NodeGauge> nodes, Set<Integer> used, MachineMeter meter) {
      this.name = name;
      this.nodes = nodes;
      this.used = used;
      this.meter = meter;
      this.tools = used.isEmpty() ? Set.of() : EnumSet.allOf(VendorTool.class);
    }

    /** Asks the nodes that have processes, unless they still owe an answer. */
    void ask(
        Map<Integer, List<Long>> processes,
        SortedMap<Integer, CompletableFuture<NodeReading>> current) {
      Set<VendorTool> unasked = tools;
      for (Map.Entry<Integer, NodeGauge> node : nodes.entrySet()) {
        CompletableFuture<NodeReading> before = asked.get(node.getKey());
        if (processes.containsKey(node.getKey()) && (before == null || before.isDone())) {
          CompletableFuture<NodeReading> reading =
              node.getValue().read(processes.get(node.getKey()), unasked);
          asked.put(node.getKey(), reading);
          current.put(node.getKey(), reading);
          unasked = Set.of();
        }
      }
    }

    void look(SortedMap<Integer, NodeReading> read, SortedMap<String, MachineLook> machines) {
      SortedMap<Integer, NodeReading> own = new TreeMap<>(read);
      own.keySet().retainAll(nodes.keySet());
      meter
          .look(own)
          .map(seen -> seen.withDevices(devices(own), used))
          .ifPresent(seen -> machines.put(name, seen));
    }

    private List<DeviceLoad> devices(SortedMap<Integer, NodeReading> own) {
      for (Map.Entry<Integer, NodeReading> node : own.entrySet()) {
        if (node.getValue().devices().isPresent()) {
          return devices(node.getKey(), node.getValue().devices().get());
        }
      }
      return List.of();
    }

    private List<DeviceLoad> devices(int node, DeviceReading reading) {
      if (reading instanceof DeviceReading.Read read) {
        failures = 0;
        return read.devices();
      }
      if (reading instanceof DeviceReading.Failed failed && ++failures == MOST_FAILURES) {
        tools = Set.of();
        notes.accept(
            node,
            "Utilisation of the devices of %s is not sampled any more: %s"
                .formatted(name, failed.why()));
      } else if (reading instanceof DeviceReading.NoTool) {
        tools = Set.of();
        notes.accept(
            node,
            "Utilisation of the devices of %s is not sampled: neither nvidia-smi nor npu-smi is on its PATH"
                .formatted(name));
      }
      return List.of();
    }
  }
}
