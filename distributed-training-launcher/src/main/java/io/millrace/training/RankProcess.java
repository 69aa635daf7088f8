package io.millrace.training;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What one process of a job gets.
 *
 * @param environment set on top of what the node itself has
 * @param arguments follow the boot file
 * @param overridden names of variables whose usual value the job's own environment replaces
 */
public record RankProcess(
    NavigableMap<String, String> environment, List<String> arguments, List<String> overridden) {
  public RankProcess {
    environment = Collections.unmodifiableNavigableMap(new TreeMap<>(environment));
    arguments = List.copyOf(arguments);
    overridden = List.copyOf(overridden);
  }
}
