package io.millrace.dataset.filter;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * The tree of a selection: what is to hold of a sample, free of any engine. An engine translates it
 * by a visit of the six records.
 *
 * <p>{@code a != b}, {@code not in}, {@code not like}, {@code not between} and {@code is not null}
 * are {@link Not}s of their opposites, so that there is one meaning to translate.
 */
public sealed interface Selection extends Serializable {

  /** Holds of every sample or of none. */
  record Constant(boolean value) implements Selection {}

  /** Holds where all parts do. */
  record And(List<Selection> parts) implements Selection {
    public And {
      parts = List.copyOf(parts);
      checkArgument(parts.size() >= 2, "Invalid and: %s parts (expected two or more)", parts);
    }
  }

  /** Holds where one of the parts does. */
  record Or(List<Selection> parts) implements Selection {
    public Or {
      parts = List.copyOf(parts);
      checkArgument(parts.size() >= 2, "Invalid or: %s parts (expected two or more)", parts);
    }
  }

  /** Holds exactly where the part does not. */
  record Not(Selection part) implements Selection {
    public Not {
      requireNonNull(part, "part is null");
    }
  }

  /** Holds where one of the operand's values passes the test; never where it has none. */
  record Test(Operand operand, ValueTest test) implements Selection {
    public Test {
      requireNonNull(operand, "operand is null");
      requireNonNull(test, "test is null");
    }
  }

  /** Holds where the operand has no value. */
  record Absent(Operand operand) implements Selection {
    public Absent {
      requireNonNull(operand, "operand is null");
    }
  }

  /** Where the values come from. */
  sealed interface Operand extends Serializable {}

  record Field(SampleField field) implements Operand {
    public Field {
      requireNonNull(field, "field is null");
    }
  }

  /**
   * A free property of the sample. A list has the values of its elements; null has none; an object
   * has one that passes no test.
   *
   * @param name as it stands in the sample, case and all
   */
  record Property(String name) implements Operand {
    public Property {
      requireNonNull(name, "name is null");
    }
  }

  /**
   * A measured metric, looked up by {@link MetricValues}.
   *
   * @param name lower case with underscores; other spellings are brought into this form
   */
  record Metric(String name) implements Operand {
    public Metric {
      name = name.toLowerCase(Locale.ROOT).replace('-', '_');
    }
  }
}
