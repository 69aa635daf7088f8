package io.millrace.dataset.merging;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.merging.AnnotationSet.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Merges the annotations of two samples with one id.
 *
 * <p>A union, with a base, has what both have, and what either side added; without one, what either
 * side has. Labels of a whole sample: each once. Objects, entities and stretches: each that says
 * something else, though they overlap. Relations: with the entities that they join, whose ids are
 * given anew where both sides use one for different entities. Contents of a recording: there is but
 * one, so two different ones are a conflict.
 */
final class AnnotationMerge {
  private final MergePolicy policy;
  private final Optional<AnnotationSet> base;

  AnnotationMerge(MergePolicy policy, Optional<List<Annotation>> base) {
    this.policy = policy;
    this.base = base.map(AnnotationSet::new);
  }

  /**
   * The annotations that a merge gives.
   *
   * @param isUnsettled whether the policy settles a clash not; the annotations are ours then
   */
  record Merged(List<Annotation> annotations, Set<Aspect> clashes, boolean isUnsettled) {
    Merged {
      annotations = List.copyOf(annotations);
    }
  }

  Merged merge(List<Annotation> ourList, List<Annotation> theirList) {
    AnnotationSet ours = new AnnotationSet(ourList);
    AnnotationSet theirs = new AnnotationSet(theirList);
    Set<Aspect> clashes = EnumSet.noneOf(Aspect.class);
    Choice choice = choose(ours, theirs);
    if (choice.isClash()) {
      clashes.add(Aspect.LABELS);
      boolean hasNoUnion = policy == MergePolicy.UNION_LABELS && contents(choice.statements()) > 1;
      if (policy == MergePolicy.FAIL || hasNoUnion) {
        return new Merged(ourList, clashes, true);
      }
    }
    AnnotationSet first = choice.isTheirs() ? theirs : ours;
    AnnotationSet second = choice.isTheirs() ? ours : theirs;
    List<Annotation> merged = new ArrayList<>();
    for (Statement statement : first.statements()) {
      if (choice.statements().contains(statement)) {
        merged.add(detailed(statement, ours, theirs, first, clashes));
      }
    }
    if (policy == MergePolicy.FAIL && clashes.contains(Aspect.ANNOTATION_DETAILS)) {
      return new Merged(ourList, clashes, true);
    }
    List<Annotation> more =
        second.statements().stream()
            .filter(
                statement ->
                    choice.statements().contains(statement) && first.find(statement).isEmpty())
            .flatMap(statement -> second.find(statement).stream())
            .toList();
    List<Annotation> whole =
        TextIds.withoutLooseRelations(merged, choice.isTheirs() ? theirList : ourList);
    return new Merged(
        more.isEmpty()
            ? whole
            : new TextIds(whole, choice.isTheirs() ? ourList : theirList).joined(more),
        clashes,
        false);
  }

  /**
   * Which annotations there shall be.
   *
   * @param isTheirs whether they are those of the source, in its order
   */
  private record Choice(Set<Statement> statements, boolean isTheirs, boolean isClash) {}

  private Choice choose(AnnotationSet ours, AnnotationSet theirs) {
    if (ours.saysTheSameAs(theirs)) {
      return new Choice(ours.statements(), false, false);
    }
    boolean onlyOurs = base.map(theirs::saysTheSameAs).orElseGet(theirs::isEmpty);
    if (onlyOurs) {
      return new Choice(ours.statements(), false, false);
    }
    boolean onlyTheirs = base.map(ours::saysTheSameAs).orElseGet(ours::isEmpty);
    if (onlyTheirs) {
      return new Choice(theirs.statements(), true, false);
    }
    return switch (policy) {
      case FAIL, OURS -> new Choice(ours.statements(), false, true);
      case THEIRS -> new Choice(theirs.statements(), true, true);
      case UNION_LABELS -> new Choice(union(ours, theirs), false, true);
    };
  }

  private Set<Statement> union(AnnotationSet ours, AnnotationSet theirs) {
    Set<Statement> union = new LinkedHashSet<>(ours.statements());
    union.addAll(theirs.statements());
    base.ifPresent(
        before ->
            union.removeIf(
                statement ->
                    before.find(statement).isPresent()
                        && (ours.find(statement).isEmpty() || theirs.find(statement).isEmpty())));
    return union;
  }

  /** How many contents of a whole recording there would be. */
  private static long contents(Set<Statement> statements) {
    return statements.stream()
        .filter(statement -> statement.content() instanceof Annotation.SpeechContent)
        .count();
  }

  /** An annotation with the details that the merge gives it, and the id that its own side has. */
  private Annotation detailed(
      Statement statement,
      AnnotationSet ours,
      AnnotationSet theirs,
      AnnotationSet first,
      Set<Aspect> clashes) {
    Annotation annotation = first.find(statement).orElseThrow();
    Optional<Annotation> our = ours.find(statement);
    Optional<Annotation> their = theirs.find(statement);
    if (our.isEmpty() || their.isEmpty()) {
      return annotation;
    }
    AnnotationInfo ourInfo = withoutId(our.get());
    AnnotationInfo theirInfo = withoutId(their.get());
    AnnotationInfo merged = ourInfo;
    Optional<AnnotationInfo> was =
        base.flatMap(before -> before.find(statement)).map(AnnotationMerge::withoutId);
    if (!ourInfo.equals(theirInfo) && was.isPresent() && !theirInfo.equals(was.get())) {
      if (ourInfo.equals(was.get())) {
        merged = theirInfo;
      } else {
        clashes.add(Aspect.ANNOTATION_DETAILS);
        merged = policy == MergePolicy.THEIRS ? theirInfo : ourInfo;
      }
    }
    return annotation.withInfo(merged.withId(annotation.info().id()));
  }

  private static AnnotationInfo withoutId(Annotation annotation) {
    return annotation.info().withId(Optional.empty());
  }
}
