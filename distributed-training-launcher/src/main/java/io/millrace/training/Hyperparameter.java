package io.millrace.training;

import static java.util.Objects.requireNonNull;

/** A setting of the training script; reaches it as {@code --NAME VALUE}. */
public record Hyperparameter(String name, String value) {
  public Hyperparameter {
    ArgumentName.check("parameter", name);
    requireNonNull(value, "value is null");
  }
}
