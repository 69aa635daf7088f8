package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.labels.RefusedLabel.Reason;
import io.millrace.dataset.labels.SuggestionPolicy.HumanLabels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a model proposes for a sample. Suggestions take the place of earlier ones that nobody has
 * confirmed, as a new round of ModelArts' smart labelling does; so giving the same ones again
 * changes nothing.
 */
public record Suggestions(SuggestionPolicy policy) {
  public Suggestions {
    requireNonNull(policy, "policy is null");
  }

  /**
   * Gives a sample what is suggested for it.
   *
   * @param suggested in the order of the model's file; equal ones count once as taken and else as
   *     known
   */
  public SuggestedSample give(Sample sample, List<Annotation> suggested) {
    List<RefusedLabel> refused = new ArrayList<>();
    boolean isByHuman =
        sample.annotations().stream().anyMatch(annotation -> !annotation.info().isByMachine());
    if (isByHuman && policy.humanLabels() == HumanLabels.SKIP) {
      suggested.forEach(
          annotation -> refused.add(refusal(sample, annotation, Reason.LABELLED_BY_HUMAN)));
      return new SuggestedSample(EditedSample.unchanged(sample), 0, 0, refused);
    }
    List<Annotation> accepted = accepted(sample, suggested, refused);
    if (accepted.isEmpty()) {
      return new SuggestedSample(EditedSample.unchanged(sample), 0, 0, refused);
    }
    List<Annotation> kept =
        policy.humanLabels() == HumanLabels.REPLACE
            ? List.of()
            : sample.annotations().stream()
                .filter(annotation -> !annotation.info().isByMachine())
                .toList();
    return combined(sample, kept, withFreeIds(accepted, kept), refused);
  }

  /** Those that pass, as labels of the machine that gave them. */
  private List<Annotation> accepted(
      Sample sample, List<Annotation> suggested, List<RefusedLabel> refused) {
    List<Annotation> passed = new ArrayList<>();
    for (Annotation annotation : suggested) {
      Optional<Reason> reason = refusal(annotation);
      if (reason.isPresent()) {
        refused.add(refusal(sample, annotation, reason.get()));
      } else {
        passed.add(ofMachine(annotation));
      }
    }
    Set<String> entities = new HashSet<>();
    passed.stream()
        .filter(Annotation.TextEntity.class::isInstance)
        .forEach(entity -> entity.info().id().ifPresent(entities::add));
    List<Annotation> accepted = new ArrayList<>();
    for (Annotation annotation : passed) {
      if (annotation instanceof Annotation.TextRelation relation
          && !(entities.contains(relation.from()) && entities.contains(relation.to()))) {
        refused.add(refusal(sample, annotation, Reason.WITHOUT_ENTITY));
      } else {
        accepted.add(annotation);
      }
    }
    return accepted;
  }

  private Optional<Reason> refusal(Annotation annotation) {
    AnnotationInfo info = annotation.info();
    if (!fits(annotation.taskType())) {
      return Optional.of(Reason.OTHER_TASK_TYPE);
    }
    if (info.annotatedBy().isPresent() && !info.isByMachine()) {
      return Optional.of(Reason.NOT_BY_MACHINE);
    }
    if (policy.threshold() == 0) {
      return Optional.empty();
    }
    if (info.confidence().isEmpty()) {
      return Optional.of(Reason.NO_CONFIDENCE);
    }
    return info.confidence().getAsDouble() < policy.threshold()
        ? Optional.of(Reason.BELOW_THRESHOLD)
        : Optional.empty();
  }

  /** Triples are made of entities, which a line without relations gives to the other type. */
  private boolean fits(LabelTaskType taskType) {
    return taskType == policy.taskType()
        || (taskType == LabelTaskType.NAMED_ENTITY_RECOGNITION
            && policy.taskType() == LabelTaskType.TEXT_TRIPLE);
  }

  private Annotation ofMachine(Annotation annotation) {
    AnnotationInfo info = annotation.info();
    return ofTaskType(annotation)
        .withInfo(
            info.withAnnotatedBy(info.annotatedBy().or(() -> Optional.of(policy.annotator())))
                .withCreationTime(info.creationTime().or(() -> Optional.of(policy.at()))));
  }

  private Annotation ofTaskType(Annotation annotation) {
    return annotation instanceof Annotation.TextEntity entity
        ? new Annotation.TextEntity(
            policy.taskType(), entity.name(), entity.start(), entity.end(), entity.info())
        : annotation;
  }

  /** Suggested entities whose ids a person's have are numbered behind them. */
  private static List<Annotation> withFreeIds(List<Annotation> accepted, List<Annotation> kept) {
    Set<String> taken = new HashSet<>();
    kept.forEach(annotation -> annotation.info().id().ifPresent(taken::add));
    if (taken.isEmpty()) {
      return accepted;
    }
    accepted.forEach(
        annotation ->
            annotation.info().id().filter(id -> !taken.contains(id)).ifPresent(taken::add));
    Map<String, String> renumbered = new HashMap<>();
    Set<String> ofPeople = new HashSet<>();
    kept.forEach(annotation -> annotation.info().id().ifPresent(ofPeople::add));
    List<Annotation> result = new ArrayList<>(accepted.size());
    for (Annotation annotation : accepted) {
      Optional<String> id = annotation.info().id();
      if (id.filter(ofPeople::contains).isPresent()) {
        String free = renumbered.computeIfAbsent(id.get(), old -> free(old, taken));
        result.add(annotation.withInfo(annotation.info().withId(Optional.of(free))));
      } else {
        result.add(annotation);
      }
    }
    return result.stream().map(annotation -> rejoined(annotation, renumbered)).toList();
  }

  private static String free(String id, Set<String> taken) {
    String prefix = id.replaceAll("[0-9]+$", "");
    int number = 1;
    while (!taken.add(prefix + number)) {
      number++;
    }
    return prefix + number;
  }

  private static Annotation rejoined(Annotation annotation, Map<String, String> renumbered) {
    return annotation instanceof Annotation.TextRelation relation
        ? new Annotation.TextRelation(
            relation.name(),
            renumbered.getOrDefault(relation.from(), relation.from()),
            renumbered.getOrDefault(relation.to(), relation.to()),
            relation.info())
        : annotation;
  }

  private static SuggestedSample combined(
      Sample sample, List<Annotation> kept, List<Annotation> accepted, List<RefusedLabel> refused) {
    Map<Annotation, Annotation> before = new HashMap<>();
    sample
        .annotations()
        .forEach(annotation -> before.putIfAbsent(timeless(annotation), annotation));
    Set<Annotation> suggested = new HashSet<>();
    List<Annotation> annotations = new ArrayList<>(kept);
    long taken = 0;
    for (Annotation annotation : accepted) {
      Annotation timeless = timeless(annotation);
      if (!suggested.add(timeless) || isSaid(annotation, kept)) {
        continue;
      }
      boolean isNew = !before.containsKey(timeless);
      taken += isNew ? 1 : 0;
      annotations.add(before.getOrDefault(timeless, annotation));
    }
    Set<Annotation> after = new HashSet<>(annotations);
    long removed = sample.annotations().stream().filter(each -> !after.contains(each)).count();
    boolean isUnchanged = taken == 0 && removed == 0;
    return new SuggestedSample(
        isUnchanged
            ? EditedSample.unchanged(sample)
            : EditedSample.changed(
                sample.withAnnotations(annotations), new AnnotationCounts(taken, 0, removed, 0)),
        taken,
        accepted.size() - taken,
        refused);
  }

  /** Whether a person has given the whole sample this label. */
  private static boolean isSaid(Annotation annotation, List<Annotation> kept) {
    return annotation instanceof Annotation.Classification
        && kept.stream()
            .anyMatch(
                each ->
                    each instanceof Annotation.Classification
                        && each.label().equals(annotation.label()));
  }

  /** When a label was given says nothing of whether it is the same. */
  private static Annotation timeless(Annotation annotation) {
    return annotation.withInfo(annotation.info().withCreationTime(Optional.empty()));
  }

  private static RefusedLabel refusal(Sample sample, Annotation annotation, Reason reason) {
    String label = annotation.label().map(Label::value).orElse("(no label)");
    String confidence =
        annotation.info().confidence().isPresent()
            ? " at confidence " + annotation.info().confidence().getAsDouble()
            : "";
    return new RefusedLabel(reason, "%s%s for sample %s".formatted(label, confidence, sample.id()));
  }
}
