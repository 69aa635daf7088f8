package io.millrace.jobs.bench;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A figure of a benchmark.
 *
 * @param id names it among the benchmark's rows
 * @param what was measured, with its unit
 * @param value absent where it could not be measured
 * @param against the alternative, or what the figure is held against
 * @param goal of the full size; {@code none} where the figure is for information
 * @param met absent where there is no value, no goal, or a value of a reduced size
 * @param detail the seconds behind it, or why there is no value
 */
public record BenchRow(
    String id,
    String what,
    OptionalDouble value,
    String against,
    String goal,
    Optional<Boolean> met,
    String detail) {
  /** The header of a table of rows. */
  public static final List<String> HEADER =
      List.of("ROW", "WHAT", "VALUE", "AGAINST", "GOAL", "MET", "DETAIL");

  public BenchRow {
    requireNonNull(id, "id is null");
    requireNonNull(what, "what is null");
    requireNonNull(value, "value is null");
    requireNonNull(against, "against is null");
    requireNonNull(goal, "goal is null");
    requireNonNull(met, "met is null");
    requireNonNull(detail, "detail is null");
  }

  static BenchRow measured(BenchSubject subject, double value, String detail) {
    return new BenchRow(
        subject.id(),
        subject.what(),
        OptionalDouble.of(value),
        subject.against(),
        subject.goal().toString(),
        subject.goal().equals(Goal.NONE)
            ? Optional.empty()
            : Optional.of(subject.goal().isMet(value)),
        detail);
  }

  static BenchRow unmeasured(BenchSubject subject, String reason) {
    return new BenchRow(
        subject.id(),
        subject.what(),
        OptionalDouble.empty(),
        subject.against(),
        subject.goal().toString(),
        Optional.empty(),
        reason);
  }

  /** The figure alone: the goal is for another size. */
  BenchRow withoutVerdict() {
    return new BenchRow(id, what, value, against, goal, Optional.empty(), detail);
  }

  /** The keys are the components' names; an absent value is null. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", id);
    json.put("what", what);
    json.put("value", value.isPresent() ? rounded(value.getAsDouble()) : null);
    json.put("against", against);
    json.put("goal", goal);
    json.put("met", met.orElse(null));
    json.put("detail", detail);
    return json;
  }

  /** The cells of a table. */
  public List<String> cells() {
    return List.of(
        id,
        what,
        value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "-",
        against,
        goal,
        met.map(yes -> yes ? "yes" : "no").orElse("-"),
        detail);
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
