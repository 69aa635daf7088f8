package io.millrace.dataset.filter;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * A selection of samples: what {@code --where} says, parsed and checked. The language is told in
 * the description of this package.
 *
 * <p>Immutable and safe for use by many threads. Two filters are equal when their canonical texts
 * are; {@code parse(filter.toString())} equals {@code filter}.
 */
public final class SampleFilter implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Selects every sample. */
  public static final SampleFilter ALL = new SampleFilter(new Selection.Constant(true));

  private final Selection root;

  private SampleFilter(Selection root) {
    this.root = root;
  }

  /**
   * Parses an expression.
   *
   * @throws InvalidSelectionException if it cannot be understood, with the place and what was
   *     expected there
   */
  public static SampleFilter parse(String expression) {
    return new SampleFilter(SelectionParsing.parse(requireNonNull(expression, "no expression")));
  }

  /** The samples that both this and the other select. */
  public SampleFilter and(SampleFilter other) {
    return equals(ALL) ? other : other.equals(ALL) ? this : joined(other);
  }

  private SampleFilter joined(SampleFilter other) {
    List<Selection> parts = new ArrayList<>();
    for (Selection each : List.of(root, other.root)) {
      if (each instanceof Selection.And and) {
        parts.addAll(and.parts());
      } else {
        parts.add(each);
      }
    }
    // Parsed again, so that what results is within the limits of length and depth.
    return parse(SelectionText.of(new Selection.And(parts)));
  }

  /** The tree, for engines that translate it. */
  public Selection selection() {
    return root;
  }

  /** The metrics it asks for, in alphabetical order; where it asks for none, none are looked up. */
  public NavigableSet<String> metrics() {
    NavigableSet<String> names = new TreeSet<>();
    collectMetrics(root, names);
    return names;
  }

  /** Whether it selects the sample, of which no metrics are known. */
  public boolean matches(Sample sample) {
    return matches(sample, MetricValues.NONE);
  }

  /** Whether it selects the sample. */
  public boolean matches(Sample sample, MetricValues metrics) {
    return holds(root, sample, metrics);
  }

  /**
   * Whether one of the values that the property has passes the test; for engines that keep
   * properties in a form of their own.
   */
  public static boolean holds(Selection.Property property, ValueTest test, Properties properties) {
    return values(property, properties).stream().anyMatch(test::holds);
  }

  /** Whether the property has no value: it is missing, null, or a list of nothing but nulls. */
  public static boolean isAbsent(Selection.Property property, Properties properties) {
    return values(property, properties).isEmpty();
  }

  private static boolean holds(Selection selection, Sample sample, MetricValues metrics) {
    if (selection instanceof Selection.Constant constant) {
      return constant.value();
    }
    if (selection instanceof Selection.And and) {
      return and.parts().stream().allMatch(part -> holds(part, sample, metrics));
    }
    if (selection instanceof Selection.Or or) {
      return or.parts().stream().anyMatch(part -> holds(part, sample, metrics));
    }
    if (selection instanceof Selection.Not not) {
      return !holds(not.part(), sample, metrics);
    }
    if (selection instanceof Selection.Test test) {
      return values(test.operand(), sample, metrics).stream().anyMatch(test.test()::holds);
    }
    if (selection instanceof Selection.Absent absent) {
      return values(absent.operand(), sample, metrics).isEmpty();
    }
    throw new IllegalStateException("No meaning for " + selection.getClass().getName());
  }

  private static Collection<?> values(
      Selection.Operand operand, Sample sample, MetricValues metrics) {
    if (operand instanceof Selection.Field field) {
      return field.field().values(sample);
    }
    if (operand instanceof Selection.Property property) {
      return values(property, sample.properties());
    }
    if (operand instanceof Selection.Metric metric) {
      return metrics.of(metric.name()).stream().filter(value -> !value.isNaN()).toList();
    }
    throw new IllegalStateException("No values for " + operand.getClass().getName());
  }

  private static Collection<?> values(Selection.Property property, Properties properties) {
    Object value = properties.value(property.name()).orElse(null);
    if (value instanceof List<?> list) {
      return list.stream().filter(element -> element != null).toList();
    }
    return value == null ? List.of() : List.of(value);
  }

  private static void collectMetrics(Selection selection, NavigableSet<String> names) {
    if (selection instanceof Selection.And and) {
      and.parts().forEach(part -> collectMetrics(part, names));
    } else if (selection instanceof Selection.Or or) {
      or.parts().forEach(part -> collectMetrics(part, names));
    } else if (selection instanceof Selection.Not not) {
      collectMetrics(not.part(), names);
    } else if (selection instanceof Selection.Test test
        && test.operand() instanceof Selection.Metric metric) {
      names.add(metric.name());
    } else if (selection instanceof Selection.Absent absent
        && absent.operand() instanceof Selection.Metric metric) {
      names.add(metric.name());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SampleFilter filter && root.equals(filter.root);
  }

  @Override
  public int hashCode() {
    return root.hashCode();
  }

  /** The canonical text. */
  @Override
  public String toString() {
    return SelectionText.of(root);
  }
}
