package io.millrace.dataset.labels;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Marks samples as hard examples, or takes the marks away.
 *
 * <p>{@link Mark#ON} marks the sample itself. {@link Mark#OFF} takes the mark and the coefficient
 * from the sample and from each of its annotations; VOC's {@code difficult}, which says something
 * of an object, stays, and keeps a sample hard in the eyes of {@link Sample#isHard()}.
 */
public record MarkHard(Mark mark, Coefficient coefficient) implements LabelEdit {
  private static final long serialVersionUID = 1L;

  /** Whether samples become hard examples or cease to be. */
  public enum Mark {
    ON,
    OFF
  }

  /** How hard the samples are said to be. */
  public sealed interface Coefficient extends Serializable {
    /** As hard as was said before. */
    record AsItWas() implements Coefficient {
      private static final long serialVersionUID = 1L;
    }

    /**
     * As hard as this.
     *
     * @param value 0 (easy) to 1 (hard)
     */
    record Of(double value) implements Coefficient {
      private static final long serialVersionUID = 1L;

      public Of {
        checkArgument(
            value >= 0 && value <= 1, "Invalid hard-coefficient: %s (expected 0 to 1)", value);
      }
    }
  }

  public MarkHard {
    requireNonNull(mark, "mark is null");
    requireNonNull(coefficient, "coefficient is null");
    checkArgument(
        mark == Mark.ON || coefficient instanceof Coefficient.AsItWas,
        "Invalid hard-coefficient: samples that are not hard have none (expected none with OFF)");
  }

  @Override
  public EditedSample edit(Sample sample) {
    Hardness hardness = mark == Mark.ON ? new Hardness(true, coefficientOf(sample)) : Hardness.NONE;
    List<Annotation> annotations = new ArrayList<>(sample.annotations());
    long changed = 0;
    if (mark == Mark.OFF) {
      for (int i = 0; i < annotations.size(); i++) {
        AnnotationInfo info = annotations.get(i).info();
        if (!info.hardness().equals(Hardness.NONE)) {
          annotations.set(i, annotations.get(i).withInfo(info.withHardness(Hardness.NONE)));
          changed++;
        }
      }
    }
    return changed == 0 && hardness.equals(sample.hardness())
        ? EditedSample.unchanged(sample)
        : EditedSample.changed(
            sample.withHardness(hardness).withAnnotations(annotations),
            AnnotationCounts.ofChanged(changed));
  }

  private OptionalDouble coefficientOf(Sample sample) {
    return coefficient instanceof Coefficient.Of given
        ? OptionalDouble.of(given.value())
        : sample.hardness().coefficient();
  }

  @Override
  public String operation() {
    return "label hard";
  }

  @Override
  public Properties parameters() {
    Properties parameters = Properties.EMPTY.with("mark", mark.name());
    return coefficient instanceof Coefficient.Of given
        ? parameters.with("hard-coefficient", BigDecimal.valueOf(given.value()))
        : parameters;
  }

  @Override
  public SampleFilter reach() {
    return SampleFilter.ALL;
  }

  @Override
  public Set<Label> brings() {
    return Set.of();
  }
}
