package io.millrace.training.resource;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.Rank;
import io.millrace.training.hang.LinuxVitals;
import io.millrace.training.hang.Vitals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Utilisation of a Linux machine: processes and machine from {@code /proc}, devices from their
 * vendors' tools. What cannot be read is told once and left out.
 *
 * <p>A process that begins and ends between two looks is not counted, and one that ends counts up
 * to the look before. Resident memory counts what processes share for each of them.
 */
public final class LinuxUtilisation implements UtilisationSource {
  /** A tool that failed so often in a row is not asked again. */
  private static final int MOST_FAILURES = 3;

  private final Path proc;
  private final LinuxVitals vitals;
  private final double coresOfNode;
  private final DeviceTools tools;
  private final Consumer<String> notes;
  private final Map<Long, Duration> cpuBefore = new HashMap<>();
  private Optional<Instant> before = Optional.empty();
  private CpuTicks ticksBefore = new CpuTicks(0, 0);
  private int failures;

  /**
   * Reads nothing yet.
   *
   * @param proc where the process file system is mounted
   * @param cores of the machine, as far as the job may use them
   * @param nodes of the job on this machine, which share the cores
   * @param devices those that the job uses; none is looked at if it uses none
   * @param notes told, once each, what cannot be sampled and why
   */
  LinuxUtilisation(
      Path proc,
      int cores,
      int nodes,
      JobDevices devices,
      DeviceTools tools,
      Consumer<String> notes) {
    checkArgument(cores >= 1 && nodes >= 1, "Invalid machine: %s cores, %s nodes", cores, nodes);
    this.proc = requireNonNull(proc, "proc is null");
    this.vitals = new LinuxVitals(proc);
    this.coresOfNode = (double) cores / nodes;
    this.tools = devices.indexes().isEmpty() ? DeviceTools.on("") : tools;
    this.notes = requireNonNull(notes, "notes is null");
    vitals.problem().ifPresent(problem -> notes.accept("Utilisation is not sampled: " + problem));
    if (tools.isEmpty() && !devices.indexes().isEmpty()) {
      notes.accept(
          "Utilisation of devices is not sampled: neither nvidia-smi nor npu-smi is on the PATH");
    }
  }

  /**
   * Of the machine that this JVM runs on.
   *
   * @param nodes of the job on this machine
   * @param devices those that the job uses; none is looked at if it uses none
   * @param notes told, once each, what cannot be sampled and why
   */
  public static LinuxUtilisation ofThisMachine(
      int nodes, JobDevices devices, Consumer<String> notes) {
    return new LinuxUtilisation(
        Path.of("/proc"),
        Runtime.getRuntime().availableProcessors(),
        nodes,
        devices,
        DeviceTools.onThisMachine(),
        notes);
  }

  @Override
  public UtilisationLook look(Instant now, Map<Rank, List<Long>> processes) {
    Optional<Duration> elapsed = before.map(then -> Duration.between(then, now));
    long totalBytes = memory("MemTotal:");
    Map<Long, Duration> cpuNow = new HashMap<>();
    SortedMap<Integer, ProcessorLoad> nodes = new TreeMap<>();
    byNode(processes)
        .forEach(
            (node, ofNode) -> {
              Optional<Duration> used = cpuSinceBefore(ofNode, cpuNow);
              used.map(cpu -> load(cpu, elapsed, vitals.residentBytes(ofNode), totalBytes))
                  .ifPresent(load -> nodes.put(node, load));
            });
    cpuBefore.clear();
    cpuBefore.putAll(cpuNow);
    before = Optional.of(now);
    return new UtilisationLook(now, machine(totalBytes), nodes, devices());
  }

  private static SortedMap<Integer, List<Long>> byNode(Map<Rank, List<Long>> processes) {
    SortedMap<Integer, List<Long>> byNode = new TreeMap<>();
    processes.forEach(
        (rank, ofRank) ->
            byNode.computeIfAbsent(rank.node(), each -> new ArrayList<>()).addAll(ofRank));
    return byNode;
  }

  /**
   * A process not seen before has used all of its time since then.
   *
   * @return empty if none of the processes is left
   */
  private Optional<Duration> cpuSinceBefore(List<Long> processes, Map<Long, Duration> cpuNow) {
    Optional<Duration> sum = Optional.empty();
    for (long process : processes) {
      Optional<Duration> cpu = vitals.of(List.of(process)).map(Vitals::cpu);
      if (cpu.isPresent()) {
        cpuNow.put(process, cpu.get());
        Duration used = cpu.get().minus(cpuBefore.getOrDefault(process, Duration.ZERO));
        sum = Optional.of(sum.orElse(Duration.ZERO).plus(used.isNegative() ? Duration.ZERO : used));
      }
    }
    return sum;
  }

  private ProcessorLoad load(
      Duration used, Optional<Duration> elapsed, long residentBytes, long totalBytes) {
    double cpu =
        elapsed
            .filter(time -> !time.isZero() && !time.isNegative())
            .map(time -> 100.0 * used.toNanos() / time.toNanos() / coresOfNode)
            .orElse(0.0);
    return new ProcessorLoad(cpu, percent(residentBytes, totalBytes), residentBytes);
  }

  private ProcessorLoad machine(long totalBytes) {
    CpuTicks now = cpuTicks();
    double cpu =
        ticksBefore.total() == 0
            ? 0
            : percent(
                Math.max(0, now.busy() - ticksBefore.busy()), now.total() - ticksBefore.total());
    ticksBefore = now;
    long used = Math.max(0, totalBytes - memory("MemAvailable:"));
    return new ProcessorLoad(cpu, percent(used, totalBytes), used);
  }

  private static double percent(long part, long whole) {
    return whole <= 0 ? 0 : Math.min(100, 100.0 * part / whole);
  }

  private List<DeviceLoad> devices() {
    if (failures >= MOST_FAILURES) {
      return List.of();
    }
    try {
      List<DeviceLoad> devices = tools.sample();
      failures = 0;
      return devices;
    } catch (IOException e) {
      failures++;
      if (failures == MOST_FAILURES) {
        notes.accept(
            "Utilisation of devices is not sampled any more: %s".formatted(e.getMessage()));
      }
      return List.of();
    }
  }

  /** Time of all cores since the machine was started, in ticks. */
  private record CpuTicks(long busy, long total) {}

  /** The first line of {@code /proc/stat}: user nice system idle iowait irq softirq steal … */
  private CpuTicks cpuTicks() {
    long[] ticks =
        lines("stat").stream()
            .filter(line -> line.startsWith("cpu "))
            .flatMapToLong(
                line ->
                    Arrays.stream(line.strip().split("\\s+"))
                        .skip(1)
                        .limit(8)
                        .mapToLong(Long::parseLong))
            .toArray();
    if (ticks.length < 5) {
      return new CpuTicks(0, 0);
    }
    long total = Arrays.stream(ticks).sum();
    return new CpuTicks(total - ticks[3] - ticks[4], total);
  }

  /** A line of {@code /proc/meminfo}, in bytes. */
  private long memory(String name) {
    return lines("meminfo").stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.split("\\s+"))
        .filter(words -> words.length >= 2)
        .mapToLong(words -> Long.parseLong(words[1]) * 1024)
        .findFirst()
        .orElse(0);
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(proc.resolve(file));
    } catch (IOException e) {
      return List.of();
    }
  }
}
