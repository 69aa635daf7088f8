package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One look at a machine that runs nodes of a job.
 *
 * @param nodes those with processes, by number
 * @param devices all that the machine has; none where no tool tells
 */
public record UtilisationLook(
    Instant time,
    ProcessorLoad machine,
    SortedMap<Integer, ProcessorLoad> nodes,
    List<DeviceLoad> devices) {
  public UtilisationLook {
    requireNonNull(time, "time is null");
    requireNonNull(machine, "machine is null");
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    devices = List.copyOf(devices);
  }
}
