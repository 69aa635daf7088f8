package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One look at a machine that runs nodes of a job.
 *
 * @param nodes those with processes, by number
 * @param devices all that the machine has; none where no tool tells
 * @param used the indexes of those that the job uses
 */
public record MachineLook(
    ProcessorLoad load,
    SortedMap<Integer, ProcessorLoad> nodes,
    List<DeviceLoad> devices,
    SortedSet<Integer> used) {
  public MachineLook {
    requireNonNull(load, "load is null");
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    devices = List.copyOf(devices);
    used = Collections.unmodifiableSortedSet(new TreeSet<>(used));
  }

  /** A machine without devices. */
  static MachineLook of(ProcessorLoad load, SortedMap<Integer, ProcessorLoad> nodes) {
    return new MachineLook(load, nodes, List.of(), new TreeSet<>());
  }

  MachineLook withDevices(List<DeviceLoad> newDevices, Set<Integer> newUsed) {
    return new MachineLook(load, nodes, newDevices, new TreeSet<>(newUsed));
  }
}
