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
      boolean hasNoUnion = policy == MergePolicy.UNION_LABELS && contents(choice.keys()) > 1;
      if (policy == MergePolicy.FAIL || hasNoUnion) {
        return new Merged(ourList, clashes, true);
      }
    }
    AnnotationSet first = choice.isTheirs() ? theirs : ours;
    AnnotationSet second = choice.isTheirs() ? ours : theirs;
    List<Annotation> merged = new ArrayList<>();
    for (Statement key : first.keys()) {
      if (choice.keys().contains(key)) {
        merged.add(detailed(key, ours, theirs, first, clashes));
      }
    }
    List<Annotation> more =
        second.keys().stream()
            .filter(key -> choice.keys().contains(key) && first.find(key).isEmpty())
            .flatMap(key -> second.find(key).stream())
            .toList();
    boolean isUnsettled = policy == MergePolicy.FAIL && clashes.contains(Aspect.ANNOTATION_DETAILS);
    List<Annotation> all =
        more.isEmpty()
            ? merged
            : new TextIds(merged, choice.isTheirs() ? ourList : theirList).joined(more);
    List<Annotation> joined = TextIds.withoutLooseRelations(all, ourList, theirList);
    return new Merged(isUnsettled ? ourList : joined, clashes, isUnsettled);
  }

  /**
   * Which annotations there shall be.
   *
   * @param isTheirs whether they are those of the source, in its order
   */
  private record Choice(Set<Statement> keys, boolean isTheirs, boolean isClash) {}

  private Choice choose(AnnotationSet ours, AnnotationSet theirs) {
    if (ours.hasSameKeys(theirs)) {
      return new Choice(ours.keys(), false, false);
    }
    boolean onlyOurs = base.map(theirs::hasSameKeys).orElseGet(theirs::isEmpty);
    if (onlyOurs) {
      return new Choice(ours.keys(), false, false);
    }
    boolean onlyTheirs = base.map(ours::hasSameKeys).orElseGet(ours::isEmpty);
    if (onlyTheirs) {
      return new Choice(theirs.keys(), true, false);
    }
    return switch (policy) {
      case FAIL, OURS -> new Choice(ours.keys(), false, true);
      case THEIRS -> new Choice(theirs.keys(), true, true);
      case UNION_LABELS -> new Choice(union(ours, theirs), false, true);
    };
  }

  private Set<Statement> union(AnnotationSet ours, AnnotationSet theirs) {
    Set<Statement> union = new LinkedHashSet<>(ours.keys());
    union.addAll(theirs.keys());
    base.ifPresent(
        before ->
            union.removeIf(
                key ->
                    before.find(key).isPresent()
                        && (ours.find(key).isEmpty() || theirs.find(key).isEmpty())));
    return union;
  }

  /** How many contents of a whole recording there would be. */
  private static long contents(Set<Statement> keys) {
    return keys.stream().filter(key -> key.content() instanceof Annotation.SpeechContent).count();
  }

  /** An annotation with the details that the merge gives it, and the id that its own side has. */
  private Annotation detailed(
      Statement key, AnnotationSet ours, AnnotationSet theirs, AnnotationSet first, Set<Aspect> clashes) {
    Annotation annotation = first.find(key).orElseThrow();
    Optional<Annotation> our = ours.find(key);
    Optional<Annotation> their = theirs.find(key);
    if (our.isEmpty() || their.isEmpty()) {
      return annotation;
    }
    AnnotationInfo ourInfo = withoutId(our.get());
    AnnotationInfo theirInfo = withoutId(their.get());
    AnnotationInfo merged = ourInfo;
    Optional<AnnotationInfo> was =
        base.flatMap(before -> before.find(key)).map(AnnotationMerge::withoutId);
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
