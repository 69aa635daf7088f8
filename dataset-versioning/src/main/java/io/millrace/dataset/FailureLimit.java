package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.math.BigDecimal;

/** How many inputs of a job may fail, or be refused, before the job counts as failed. */
public sealed interface FailureLimit {

  /** Whatever fails, the job is done when every input was tried. */
  FailureLimit UNLIMITED = new Percent(new BigDecimal(100));

  /** Whether a job may end well with so many failures among so many inputs. */
  boolean allows(long failed, long total);

  /**
   * Reads {@code 10} as a number of inputs and {@code 5%} or {@code 0.5%} as a part of all inputs.
   *
   * @throws DatasetException for anything else
   */
  static FailureLimit parse(String text) {
    String plain = text.strip();
    if (plain.matches("[0-9]{1,18}")) {
      return new Count(Long.parseLong(plain));
    }
    if (plain.matches("[0-9]{1,3}(\\.[0-9]{1,9})? *%")) {
      return new Percent(new BigDecimal(plain.substring(0, plain.length() - 1).strip()));
    }
    throw new DatasetException(
        "Invalid failure limit: '%s' (expected a number of inputs such as 10, or a part of them such as 2.5%%)"
            .formatted(text));
  }

  /**
   * At most this number of inputs.
   *
   * @param most 0 or more
   */
  record Count(long most) implements FailureLimit {
    public Count {
      checkArgument(most >= 0, "Invalid failure limit: %s (expected at least 0)", most);
    }

    @Override
    public boolean allows(long failed, long total) {
      return failed <= most;
    }

    @Override
    public String toString() {
      return Long.toString(most);
    }
  }

  /**
   * At most this part of all inputs.
   *
   * @param most in percent, 0 to 100
   */
  record Percent(BigDecimal most) implements FailureLimit {
    public Percent {
      checkArgument(
          most.signum() >= 0 && most.compareTo(new BigDecimal(100)) <= 0,
          "Invalid failure limit: %s%% (expected 0%% to 100%%)",
          most);
    }

    @Override
    public boolean allows(long failed, long total) {
      BigDecimal hundredfold = BigDecimal.valueOf(failed).scaleByPowerOfTen(2);
      return hundredfold.compareTo(most.multiply(BigDecimal.valueOf(total))) <= 0;
    }

    @Override
    public String toString() {
      return most.toPlainString() + "%";
    }
  }
}
