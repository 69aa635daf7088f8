package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Removes the annotations of a label, and the relations of the entities among them. A file of
 * objects that was never opened loses the label that its manifest gave it, and stays.
 *
 * @param onlyThis what becomes of samples that have this label and no other
 */
public record DeleteLabel(Label label, OnlyThis onlyThis) implements LabelEdit {
  private static final long serialVersionUID = 1L;

  /** ModelArts offers both when a label is deleted. */
  public enum OnlyThis {
    /** They become unlabelled. */
    KEEP_SAMPLES,
    /** They leave the dataset's working state; their media stay where they are. */
    DELETE_SAMPLES
  }

  public DeleteLabel {
    requireNonNull(label, "label is null");
    requireNonNull(onlyThis, "onlyThis is null");
  }

  @Override
  public EditedSample edit(Sample sample) {
    RemovedAnnotations left = RemovedAnnotations.of(sample, this::isDeleted);
    List<Annotation> annotations = left.kept().stream().map(this::withoutRepetition).toList();
    long changed =
        IntStream.range(0, annotations.size())
            .filter(i -> annotations.get(i) != left.kept().get(i))
            .count();
    AnnotationCounts counts = new AnnotationCounts(0, changed, left.removed(), left.relations());
    if (onlyThis == OnlyThis.DELETE_SAMPLES
        && annotations.isEmpty()
        && sample.labels().equals(Set.of(label))) {
      return EditedSample.removed(sample, counts);
    }
    return counts.equals(AnnotationCounts.NONE)
        ? EditedSample.unchanged(sample)
        : EditedSample.changed(sample.withAnnotations(annotations), counts);
  }

  private boolean isDeleted(Annotation annotation) {
    return !(annotation instanceof Annotation.ObjectFile)
        && annotation.label().filter(label::equals).isPresent();
  }

  private Annotation withoutRepetition(Annotation annotation) {
    if (annotation instanceof Annotation.ObjectFile file
        && file.name().filter(label::equals).isPresent()) {
      return new Annotation.ObjectFile(
          file.taskType(), file.location(), file.format(), Optional.empty(), file.info());
    }
    return RepeatedLabel.replaced(annotation, label, Optional.empty());
  }

  @Override
  public String operation() {
    return "label delete";
  }

  @Override
  public Properties parameters() {
    return Properties.EMPTY.with("label", label.value()).with("only-this", onlyThis.name());
  }

  @Override
  public SampleFilter reach() {
    return LabelSelections.having(label);
  }

  @Override
  public Set<Label> brings() {
    return Set.of();
  }
}
