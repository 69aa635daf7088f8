package io.millrace.dataset.labels;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gives whole samples exactly these labels, as a person does. A label that is wanted and was given
 * by a person stays as it is; one that a machine suggested is confirmed; all others go.
 *
 * @param taskType one of the classifications
 * @param labels one or more, each once, in alphabetical order
 * @param at what the creation time of new and of confirmed labels becomes
 */
public record SetLabels(LabelTaskType taskType, List<Label> labels, LocalDateTime at)
    implements LabelEdit {
  private static final long serialVersionUID = 1L;
  static final String OPERATION = "label set";

  public SetLabels {
    labels = List.copyOf(new TreeSet<>(labels));
    requireNonNull(at, "at is null");
    checkArgument(
        !labels.isEmpty(), "Invalid labels: none (expected one or more, or use label clear)");
    ClassificationTask.check(taskType, OPERATION);
  }

  @Override
  public EditedSample edit(Sample sample) {
    Set<Label> missing = new TreeSet<>(labels);
    List<Annotation> annotations = new ArrayList<>();
    long confirmed = 0;
    for (Annotation annotation : sample.annotations()) {
      if (annotation.label().filter(missing::remove).isEmpty()) {
        continue;
      }
      boolean isSuggestion = annotation.info().isByMachine();
      confirmed += isSuggestion ? 1 : 0;
      annotations.add(
          isSuggestion ? annotation.withInfo(annotation.info().confirmed(at)) : annotation);
    }
    int removed = sample.annotations().size() - annotations.size();
    for (Label label : missing) {
      annotations.add(new Annotation.Classification(taskType, label, AnnotationInfo.ofHuman(at)));
    }
    return missing.isEmpty() && removed == 0 && confirmed == 0
        ? EditedSample.unchanged(sample)
        : EditedSample.changed(
            sample.withAnnotations(annotations),
            new AnnotationCounts(missing.size(), confirmed, removed, 0));
  }

  @Override
  public String operation() {
    return OPERATION;
  }

  @Override
  public Properties parameters() {
    return Properties.EMPTY.with("labels", labels.stream().map(Label::value).toList());
  }

  @Override
  public SampleFilter reach() {
    return SampleFilter.ALL;
  }

  @Override
  public Set<Label> brings() {
    return Set.copyOf(labels);
  }
}
