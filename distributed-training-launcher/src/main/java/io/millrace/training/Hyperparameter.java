package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.HyperparameterConstraint.Range;
import java.util.Optional;

/**
 * A setting of the training script; reaches it as {@code --NAME VALUE}.
 *
 * @param value of the given type; empty for an option that has none, {@code --NAME} alone
 * @param constraint which values are good ones; a range is one of numbers
 * @param presence a required parameter has a value
 */
public record Hyperparameter(
    String name,
    HyperparameterType type,
    Optional<String> value,
    Optional<HyperparameterConstraint> constraint,
    Presence presence) {

  /** Whether a job can do without the parameter. */
  public enum Presence {
    OPTIONAL,
    REQUIRED
  }

  public Hyperparameter {
    ArgumentName.check("parameter", name);
    requireNonNull(type, "type is null");
    requireNonNull(presence, "presence is null");
    checkArgument(
        value.isPresent() || presence == Presence.OPTIONAL,
        "Invalid parameter %s: it is required and has no value (give one)",
        name);
    checkArgument(
        value.isEmpty() || value.get().indexOf('\0') < 0,
        "Invalid value of parameter %s: it holds a NUL",
        name);
    checkArgument(
        value.isEmpty() || type.accepts(value.get()),
        "Invalid value of parameter %s: '%s' (expected %s)",
        name,
        value.orElse(""),
        type.words());
    boolean isNumber = type == HyperparameterType.INTEGER || type == HyperparameterType.FLOAT;
    checkArgument(
        isNumber || !(constraint.orElse(null) instanceof Range),
        "Invalid parameter %s: it has a range and is %s (give it the type integer or float)",
        name,
        type.words());
    checkArgument(
        value.isEmpty() || constraint.isEmpty() || constraint.get().accepts(value.get()),
        "Invalid value of parameter %s: '%s' (expected %s)",
        name,
        value.orElse(""),
        constraint.map(HyperparameterConstraint::words).orElse(""));
  }

  /** A text without constraint. */
  public static Hyperparameter of(String name, String value) {
    return new Hyperparameter(
        name, HyperparameterType.STRING, Optional.of(value), Optional.empty(), Presence.OPTIONAL);
  }

  /** An option that has no value. */
  public static Hyperparameter flag(String name) {
    return new Hyperparameter(
        name, HyperparameterType.STRING, Optional.empty(), Optional.empty(), Presence.OPTIONAL);
  }
}
