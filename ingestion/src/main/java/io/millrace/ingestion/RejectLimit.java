package io.millrace.ingestion;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.DatasetException;
import java.math.BigDecimal;

/** How many inputs an import may refuse before it gives up and leaves the dataset as it was. */
public sealed interface RejectLimit {

  /** Any number. */
  RejectLimit UNLIMITED = new Unlimited();

  /** Whether an import that refused so many of so many inputs may stand. */
  boolean allows(long rejected, long seen);

  /**
   * Reads {@code 10} as a number of inputs and {@code 5%} or {@code 0.5%} as a part of all inputs.
   *
   * @throws DatasetException for anything else
   */
  static RejectLimit parse(String text) {
    String plain = text.strip();
    if (plain.matches("[0-9]{1,18}")) {
      return new Count(Long.parseLong(plain));
    }
    if (plain.matches("[0-9]{1,3}(\\.[0-9]{1,9})? *%")) {
      return new Percent(new BigDecimal(plain.substring(0, plain.length() - 1).strip()));
    }
    throw new DatasetException(
        "Invalid max-rejects: '%s' (expected a number of inputs such as 10, or a part of them such as 5%%)"
            .formatted(text));
  }

  /** Any number of rejects is allowed. */
  record Unlimited() implements RejectLimit {
    @Override
    public boolean allows(long rejected, long seen) {
      return true;
    }

    @Override
    public String toString() {
      return "unlimited";
    }
  }

  /** Up to this many rejects are allowed. */
  record Count(long rejects) implements RejectLimit {
    public Count {
      checkArgument(rejects >= 0, "Invalid max-rejects: %s (expected at least 0)", rejects);
    }

    @Override
    public boolean allows(long rejected, long seen) {
      return rejected <= rejects;
    }

    @Override
    public String toString() {
      return Long.toString(rejects);
    }
  }

  /**
   * Up to this part of all inputs may be refused.
   *
   * @param percent 0 to 100
   */
  record Percent(BigDecimal percent) implements RejectLimit {
    public Percent {
      checkArgument(
          percent.signum() >= 0 && percent.compareTo(BigDecimal.valueOf(100)) <= 0,
          "Invalid max-rejects: %s%% (expected 0%% to 100%%)",
          percent);
    }

    @Override
    public boolean allows(long rejected, long seen) {
      return BigDecimal.valueOf(rejected)
              .multiply(BigDecimal.valueOf(100))
              .compareTo(percent.multiply(BigDecimal.valueOf(seen)))
          <= 0;
    }

    @Override
    public String toString() {
      return percent + "%";
    }
  }
}
