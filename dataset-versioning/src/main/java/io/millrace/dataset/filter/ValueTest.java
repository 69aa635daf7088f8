package io.millrace.dataset.filter;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** What is asked of a single value. */
public sealed interface ValueTest extends Serializable {

  /**
   * Whether a value passes.
   *
   * @param value a String, a number, a Boolean, an Instant, or anything that a property holds; what
   *     cannot be compared with the literal does not pass
   */
  boolean holds(Object value);

  /** How a value stands to a literal. */
  enum Operator {
    EQUAL("="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">=");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    /** As it is written in a selection. */
    public String text() {
      return text;
    }

    private boolean accepts(int comparison) {
      return switch (this) {
        case EQUAL -> comparison == 0;
        case LESS -> comparison < 0;
        case AT_MOST -> comparison <= 0;
        case GREATER -> comparison > 0;
        case AT_LEAST -> comparison >= 0;
      };
    }
  }

  record Compared(Operator operator, Literal literal) implements ValueTest {
    public Compared {
      requireNonNull(operator, "operator is null");
      requireNonNull(literal, "literal is null");
    }

    @Override
    public boolean holds(Object value) {
      Optional<Integer> comparison = literal.compare(value);
      return comparison.isPresent() && operator.accepts(comparison.get());
    }
  }

  /** Equal to one of the literals. */
  record OneOf(List<Literal> literals) implements ValueTest {
    public OneOf {
      literals = List.copyOf(literals);
    }

    @Override
    public boolean holds(Object value) {
      return literals.stream()
          .anyMatch(literal -> literal.compare(value).filter(each -> each == 0).isPresent());
    }
  }

  /** Not below the one and not above the other; both belong to the range. */
  record Between(Literal low, Literal high) implements ValueTest {
    public Between {
      requireNonNull(low, "low is null");
      requireNonNull(high, "high is null");
    }

    @Override
    public boolean holds(Object value) {
      return low.compare(value).filter(each -> each >= 0).isPresent()
          && high.compare(value).filter(each -> each <= 0).isPresent();
    }
  }

  /**
   * A text that fits a pattern as a whole, case and all: {@code %} stands for any characters or
   * none, {@code _} for one, {@code \} before one of the three for itself.
   */
  record Like(String pattern) implements ValueTest {
    public Like {
      requireNonNull(pattern, "pattern is null");
    }

    @Override
    public boolean holds(Object value) {
      return value instanceof String text && LikePattern.matches(pattern, text);
    }
  }
}
