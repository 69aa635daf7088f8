package io.millrace.training.resource;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.training.resource.NodeReading.MachineCounters;
import io.millrace.training.resource.NodeReading.ProcessCounters;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes utilisation of what the nodes on one machine counted at one look and at the look before.
 *
 * <p>A process that begins and ends between two looks is not counted, and one that ends counts up
 * to the look before. Resident memory counts what processes share for each of them.
 */
final class MachineMeter {
  private final double coresOfNode;
  private final Map<Integer, Before> before = new HashMap<>();
  private Optional<MachineCounters> machineBefore = Optional.empty();

  private record Before(Duration clock, Map<Long, Duration> cpu) {}

  /**
   * Has seen nothing yet.
   *
   * @param cores of the machine
   * @param nodes of the job on it, which share the cores
   */
  MachineMeter(int cores, int nodes) {
    checkArgument(cores >= 1 && nodes >= 1, "Invalid machine: %s cores, %s nodes", cores, nodes);
    this.coresOfNode = (double) cores / nodes;
  }

  /**
   * Takes in one look. Usage of CPU is that since the look before at the same node; 0 at the first.
   *
   * @param readings of the nodes that answered, by number
   * @return empty if none did
   */
  Optional<MachineLook> look(SortedMap<Integer, NodeReading> readings) {
    if (readings.isEmpty()) {
      return Optional.empty();
    }
    MachineCounters machine = readings.get(readings.firstKey()).machine();
    SortedMap<Integer, ProcessorLoad> nodes = new TreeMap<>();
    readings.forEach(
        (node, reading) -> {
          double cpu = cpuOf(node, reading);
          if (!reading.processes().isEmpty()) {
            nodes.put(node, load(cpu, residentBytes(reading.processes()), machine.totalBytes()));
          }
        });
    ProcessorLoad load = machineLoad(machine);
    machineBefore = Optional.of(machine);
    return Optional.of(MachineLook.of(load, nodes));
  }

  /** A process not seen before has used all of its time since then. */
  private double cpuOf(int node, NodeReading reading) {
    Map<Long, Duration> now = new HashMap<>();
    reading.processes().forEach(each -> now.put(each.process(), each.cpu()));
    Before then = before.put(node, new Before(reading.clock(), now));
    Duration elapsed = then == null ? Duration.ZERO : reading.clock().minus(then.clock());
    if (elapsed.isZero() || elapsed.isNegative()) {
      return 0;
    }
    long nanos =
        now.entrySet().stream()
            .mapToLong(
                each ->
                    each.getValue()
                        .minus(then.cpu().getOrDefault(each.getKey(), Duration.ZERO))
                        .toNanos())
            .filter(used -> used > 0)
            .sum();
    return 100.0 * nanos / elapsed.toNanos() / coresOfNode;
  }

  private static long residentBytes(List<ProcessCounters> processes) {
    return processes.stream().mapToLong(ProcessCounters::residentBytes).sum();
  }

  private static ProcessorLoad load(double cpu, long bytes, long totalBytes) {
    return new ProcessorLoad(cpu, percent(bytes, totalBytes), bytes);
  }

  private ProcessorLoad machineLoad(MachineCounters now) {
    double cpu =
        machineBefore
            .filter(then -> then.totalTicks() > 0)
            .map(
                then ->
                    percent(
                        Math.max(0, now.busyTicks() - then.busyTicks()),
                        now.totalTicks() - then.totalTicks()))
            .orElse(0.0);
    return load(cpu, Math.max(0, now.totalBytes() - now.availableBytes()), now.totalBytes());
  }

  private static double percent(long part, long whole) {
    return whole <= 0 ? 0 : Math.min(100, 100.0 * part / whole);
  }
}
