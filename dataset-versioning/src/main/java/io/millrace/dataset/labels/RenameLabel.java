package io.millrace.dataset.labels;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts another name in place of a label, in whatever has it: whole samples, objects, entities,
 * relations, stretches of speech. Where a sample has both as labels of the whole, the old one goes
 * and the other stays as it is.
 *
 * @param ifTaken whether the new name may be a label of the dataset already; the caller, who knows
 *     the whole dataset, sees to it
 */
public record RenameLabel(Label old, Label renamed, IfTaken ifTaken) implements LabelEdit {
  private static final long serialVersionUID = 1L;

  /** What is to happen where the dataset has a label of the new name. */
  public enum IfTaken {
    REFUSE,
    /** The two labels become one, for good. */
    MERGE
  }

  public RenameLabel {
    requireNonNull(old, "old is null");
    requireNonNull(renamed, "renamed is null");
    requireNonNull(ifTaken, "ifTaken is null");
    checkArgument(
        !old.equals(renamed), "Cannot rename label '%s': the new name is the same.", old.value());
  }

  @Override
  public EditedSample edit(Sample sample) {
    boolean hasNew = sample.annotations().stream().anyMatch(this::isWholeAndRenamed);
    List<Annotation> annotations = new ArrayList<>(sample.annotations().size());
    long changed = 0;
    long removed = 0;
    for (Annotation annotation : sample.annotations()) {
      boolean isOld = annotation.label().filter(old::equals).isPresent();
      if (isOld && hasNew && annotation instanceof Annotation.Classification) {
        removed++;
        continue;
      }
      Annotation named = isOld ? annotation.withLabel(renamed) : annotation;
      Annotation result = RepeatedLabel.replaced(named, old, Optional.of(renamed));
      hasNew |= isWholeAndRenamed(result);
      changed += result == annotation ? 0 : 1;
      annotations.add(result);
    }
    return changed + removed == 0
        ? EditedSample.unchanged(sample)
        : EditedSample.changed(
            sample.withAnnotations(annotations), new AnnotationCounts(0, changed, removed, 0));
  }

  private boolean isWholeAndRenamed(Annotation annotation) {
    return annotation instanceof Annotation.Classification whole && whole.name().equals(renamed);
  }

  @Override
  public String operation() {
    return "label rename";
  }

  @Override
  public Properties parameters() {
    return Properties.EMPTY
        .with("old", old.value())
        .with("new", renamed.value())
        .with("if-taken", ifTaken.name());
  }

  @Override
  public SampleFilter reach() {
    return LabelSelections.having(old);
  }

  @Override
  public Set<Label> brings() {
    return Set.of(renamed);
  }
}
