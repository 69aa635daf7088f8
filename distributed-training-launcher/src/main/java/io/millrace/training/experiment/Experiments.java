package io.millrace.training.experiment;

import static java.util.Objects.requireNonNull;

import io.millrace.training.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs grouped by the experiment that their jobs name. */
public final class Experiments {
  private Experiments() {}

  /**
   * One experiment.
   *
   * @param runs the one created last first; at least one
   */
  public record Experiment(String name, List<RunFacts> runs) {
    public Experiment {
      requireNonNull(name, "name is null");
      runs = List.copyOf(runs);
    }

    /** How many runs are in each state. */
    public Map<RunState, Long> states() {
      Map<RunState, Long> states = new EnumMap<>(RunState.class);
      runs.forEach(run -> states.merge(run.state(), 1L, Long::sum));
      return states;
    }

    /** When its last run was submitted. */
    public Instant latest() {
      return runs.get(0).created();
    }

    /** The first run in an order; empty if none has the metric. */
    public Optional<RunFacts> best(MetricOrder order) {
      return runs.stream().anyMatch(run -> run.metrics().containsKey(order.metric()))
          ? Optional.of(order.sorted(runs).get(0))
          : Optional.empty();
    }
  }

  /** The experiments of some runs, by name; a run of none is left out. */
  public static List<Experiment> of(List<RunFacts> runs) {
    Map<String, List<RunFacts>> byName = new TreeMap<>();
    runs.stream()
        .sorted(Comparator.comparing(RunFacts::created).reversed())
        .forEach(
            run ->
                run.experiment()
                    .ifPresent(
                        name -> byName.computeIfAbsent(name, each -> new ArrayList<>()).add(run)));
    return byName.entrySet().stream()
        .map(entry -> new Experiment(entry.getKey(), entry.getValue()))
        .toList();
  }
}
