package io.millrace.training.experiment;

import static java.util.Objects.requireNonNull;

import io.millrace.training.Hyperparameter;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingInput;
import io.millrace.training.metrics.RunMetrics;
import io.millrace.training.watch.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What runs are compared by.
 *
 * @param run its name
 * @param duration from its start to its end or, while it runs, to now; empty before it has started
 * @param inputs of each input its dataset version, or its location if it is none
 * @param parameters hyperparameters in the job's order
 * @param metrics the last value of each, by name
 * @param problems sentences on metrics that could not be read
 */
public record RunFacts(
    String run,
    Optional<String> experiment,
    RunState state,
    Instant created,
    Optional<Duration> duration,
    int nodes,
    Map<String, String> inputs,
    Map<String, String> parameters,
    SortedMap<String, Double> metrics,
    List<String> problems) {

  public RunFacts {
    requireNonNull(run, "run is null");
    requireNonNull(experiment, "experiment is null");
    requireNonNull(state, "state is null");
    requireNonNull(created, "created is null");
    requireNonNull(duration, "duration is null");
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    problems = List.copyOf(problems);
  }

  /**
   * Reads them from a run on disk.
   *
   * @param now for the duration of a run that is not over
   */
  public static RunFacts of(RunRecord record, Instant now) {
    RunStatus status = record.status();
    Map<String, String> inputs = new LinkedHashMap<>();
    for (TrainingInput input : record.run().job().inputs()) {
      inputs.put(
          input.name(),
          input.version().map(Object::toString).orElseGet(() -> input.location().toString()));
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Hyperparameter parameter : record.run().job().parameters()) {
      parameter.value().ifPresent(value -> parameters.put(parameter.name(), value));
    }
    RunMetrics metrics = RunMetrics.of(record);
    return new RunFacts(
        record.run().displayName(),
        record.run().job().experiment(),
        status.state(),
        status.created(),
        duration(status, now),
        record.run().job().nodes(),
        inputs,
        parameters,
        metrics.finalValues(),
        metrics.problems());
  }

  /**
   * How long a run has taken.
   *
   * @param now its end so far, if it is not over
   * @return empty before it has started, and for one whose launcher vanished, of which nobody noted
   *     the end
   */
  public static Optional<Duration> duration(RunStatus status, Instant now) {
    if (status.ended().isEmpty() && status.state().isTerminal()) {
      return Optional.empty();
    }
    return status.started().map(start -> Duration.between(start, status.ended().orElse(now)));
  }
}
