package io.millrace.training.hang;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One look at a job.
 *
 * @param ranks those that run, by number; one that has ended or not begun is left out
 */
public record Observation(Instant time, SortedMap<Integer, Vitals> ranks) {
  public Observation {
    requireNonNull(time, "time is null");
    ranks = Collections.unmodifiableSortedMap(new TreeMap<>(ranks));
  }
}
