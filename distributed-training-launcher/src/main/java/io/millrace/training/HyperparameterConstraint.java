package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.math.BigDecimal;
import java.util.List;

/** Which values a hyperparameter may have. */
public sealed interface HyperparameterConstraint {

  /** Whether the value, which is of the parameter's type, is among them. */
  boolean accepts(String value);

  /** For messages: {@code 0 to 1}. */
  String words();

  /** A number from {@code least} to {@code most}, both included. */
  record Range(BigDecimal least, BigDecimal most) implements HyperparameterConstraint {
    public Range {
      checkArgument(
          least.compareTo(most) <= 0,
          "Invalid range: %s to %s (expected the smaller number first)",
          least,
          most);
    }

    @Override
    public boolean accepts(String value) {
      BigDecimal number = new BigDecimal(value);
      return least.compareTo(number) <= 0 && number.compareTo(most) <= 0;
    }

    @Override
    public String words() {
      return least.toPlainString() + " to " + most.toPlainString();
    }
  }

  /** One of some values, of which there is at least one. */
  record Choice(List<String> values) implements HyperparameterConstraint {
    public Choice {
      values = List.copyOf(values);
      checkArgument(!values.isEmpty(), "Invalid choice: it is empty (expected at least one value)");
    }

    @Override
    public boolean accepts(String value) {
      return values.contains(value);
    }

    @Override
    public String words() {
      return String.join(", ", values);
    }
  }
}
