package io.millrace.inference;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.DatasetException;
import java.math.BigDecimal;

/** How many inputs may fail before the whole task counts as failed. */
public sealed interface FailureLimit {

  /** Whatever fails, the task is done when every input has its line. */
  FailureLimit UNLIMITED = new Percent(new BigDecimal(100));

  /** Whether a task may end well with so many failures. */
  boolean allows(long failed, long inputs);

  /** At most this number of inputs. */
  record Count(long most) implements FailureLimit {
    public Count {
      checkArgument(most >= 0, "Invalid max-failures: %s (expected at least 0)", most);
    }

    @Override
    public boolean allows(long failed, long inputs) {
      return failed <= most;
    }

    @Override
    public String toString() {
      return Long.toString(most);
    }
  }

  /** At most this share of the inputs, in percent. */
  record Percent(BigDecimal most) implements FailureLimit {
    public Percent {
      checkArgument(
          most.signum() >= 0 && most.compareTo(new BigDecimal(100)) <= 0,
          "Invalid max-failures: %s%% (expected 0%% to 100%%)",
          most);
    }

    @Override
    public boolean allows(long failed, long inputs) {
      BigDecimal hundredfold = BigDecimal.valueOf(failed).scaleByPowerOfTen(2);
      return hundredfold.compareTo(most.multiply(BigDecimal.valueOf(inputs))) <= 0;
    }

    @Override
    public String toString() {
      return most.toPlainString() + "%";
    }
  }

  /** Reads {@code 10} or {@code 2.5%}. */
  static FailureLimit parse(String text) {
    String plain = text.strip();
    try {
      return plain.endsWith("%")
          ? new Percent(new BigDecimal(plain.substring(0, plain.length() - 1).strip()))
          : new Count(Long.parseLong(plain));
    } catch (NumberFormatException e) {
      throw new DatasetException(
          "Invalid max-failures: '" + text + "' (expected a number such as 10, or 2.5%)", e);
    }
  }
}
