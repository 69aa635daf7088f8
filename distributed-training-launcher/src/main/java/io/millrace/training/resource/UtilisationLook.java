package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One look at all machines that run nodes of a job.
 *
 * @param machines by name; one that did not answer in time is missing
 */
public record UtilisationLook(Instant time, SortedMap<String, MachineLook> machines) {
  public UtilisationLook {
    requireNonNull(time, "time is null");
    machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
  }

  /** Whether no node had a process. */
  public boolean isEmpty() {
    return machines.values().stream().allMatch(machine -> machine.nodes().isEmpty());
  }
}
