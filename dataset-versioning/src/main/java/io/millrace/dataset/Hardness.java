package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.OptionalDouble;

/**
 * Whether something is a hard example, and how hard.
 *
 * @param coefficient 0 (easy) to 1 (hard); absent where nobody measured it
 */
public record Hardness(boolean hard, OptionalDouble coefficient) {
  public static final Hardness NONE = new Hardness(false, OptionalDouble.empty());

  public Hardness {
    checkArgument(
        coefficient.isEmpty() || (coefficient.getAsDouble() >= 0 && coefficient.getAsDouble() <= 1),
        "Invalid hard-coefficient: %s (expected 0 to 1)",
        coefficient);
  }
}
