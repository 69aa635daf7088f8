package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import io.millrace.training.hang.LinuxVitals;
import io.millrace.training.hang.Vitals;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What one node told at one look. Counters only grow; differences to the look before are
 * utilisation.
 *
 * @param clock of the node when it looked: its differences are time, itself it means nothing
 * @param processes those that ran
 * @param devices of the node's machine; empty if they were not asked for
 */
public record NodeReading(
    Duration clock,
    MachineCounters machine,
    List<ProcessCounters> processes,
    Optional<DeviceReading> devices) {
  public NodeReading {
    requireNonNull(clock, "clock is null");
    requireNonNull(machine, "machine is null");
    processes = List.copyOf(processes);
    requireNonNull(devices, "devices is null");
  }

  NodeReading withDevices(DeviceReading read) {
    return new NodeReading(clock, machine, processes, Optional.of(read));
  }

  /**
   * What Linux counts of a whole machine.
   *
   * @param busyTicks of all cores since it was started
   * @param totalTicks the same, idle ones included; 0 where nothing can be read
   * @param availableBytes memory that is left
   */
  public record MachineCounters(
      long busyTicks, long totalTicks, long totalBytes, long availableBytes) {

    /**
     * Reads the text of {@code /proc/stat}, whose first line is {@code cpu user nice system idle
     * iowait irq softirq steal …}, and of {@code /proc/meminfo}; other lines may be missing.
     */
    public static MachineCounters of(String stat, String meminfo) {
      long[] ticks =
          stat.lines()
              .filter(line -> line.startsWith("cpu "))
              .flatMapToLong(
                  line ->
                      Arrays.stream(line.strip().split("\\s+"))
                          .skip(1)
                          .limit(8)
                          .mapToLong(Long::parseLong))
              .toArray();
      long total = ticks.length < 5 ? 0 : Arrays.stream(ticks).sum();
      long busy = ticks.length < 5 ? 0 : total - ticks[3] - ticks[4];
      return new MachineCounters(
          busy, total, memory("MemTotal:", meminfo), memory("MemAvailable:", meminfo));
    }

    private static long memory(String name, String meminfo) {
      return meminfo
          .lines()
          .filter(line -> line.startsWith(name))
          .map(line -> line.split("\\s+"))
          .filter(words -> words.length >= 2)
          .mapToLong(words -> Long.parseLong(words[1]) * 1024)
          .findFirst()
          .orElse(0);
    }
  }

  /**
   * What Linux counts of one process.
   *
   * @param cpu time used so far
   */
  public record ProcessCounters(long process, Duration cpu, long residentBytes) {

    /**
     * Those of some processes; what has ended is left out.
     *
     * @param files reads {@code stat} and {@code status} of each
     */
    public static List<ProcessCounters> of(
        Collection<Long> processes, LinuxVitals.ProcessFiles files) {
      return processes.stream().flatMap(process -> of(process, files).stream()).toList();
    }

    private static Optional<ProcessCounters> of(long process, LinuxVitals.ProcessFiles files) {
      return LinuxVitals.of(List.of(process), files)
          .map(Vitals::cpu)
          .map(cpu -> new ProcessCounters(process, cpu, LinuxVitals.residentBytes(process, files)));
    }
  }
}
