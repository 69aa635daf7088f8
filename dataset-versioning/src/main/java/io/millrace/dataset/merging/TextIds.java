package io.millrace.dataset.merging;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.TextEntity;
import io.millrace.dataset.Annotation.TextRelation;
import io.millrace.dataset.AnnotationInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Brings annotations of another sample into a list in which ids may be taken. */
final class TextIds {
  private final List<Annotation> joined;
  private final Set<String> taken = new HashSet<>();
  private final Set<String> otherEntities;

  /** The ids of the other sample's entities, and what these are called in the joined list. */
  private final Map<String, String> renamed = new HashMap<>();

  /**
   * @param present what is there already
   * @param other all annotations of the sample that more comes from
   */
  TextIds(List<Annotation> present, List<Annotation> other) {
    this.joined = new ArrayList<>(present);
    present.forEach(annotation -> annotation.info().id().ifPresent(taken::add));
    this.otherEntities = entityIds(other.stream());
    for (Annotation annotation : other) {
      if (annotation instanceof TextEntity) {
        annotation.info().id().ifPresent(id -> nameInBoth(id, annotation));
      }
    }
  }

  /** An entity that both samples have is called as it is here; one without an id here gets one. */
  private void nameInBoth(String id, Annotation theirs) {
    for (int i = 0; i < joined.size(); i++) {
      Annotation here = joined.get(i);
      if (bare(here).equals(bare(theirs))) {
        String name = here.info().id().orElseGet(() -> free(id));
        renamed.putIfAbsent(id, name);
        joined.set(i, here.withInfo(here.info().withId(Optional.of(name))));
        return;
      }
    }
  }

  private static Annotation bare(Annotation annotation) {
    return annotation.withInfo(AnnotationInfo.NONE);
  }

  /**
   * The list with more annotations of the other sample; entities first, so that relations find
   * them.
   */
  List<Annotation> joined(List<Annotation> more) {
    more.stream()
        .filter(annotation -> !(annotation instanceof TextRelation))
        .forEach(annotation -> joined.add(renamed(annotation)));
    more.stream()
        .filter(TextRelation.class::isInstance)
        .map(TextRelation.class::cast)
        .filter(relation -> isHere(relation.from()) && isHere(relation.to()))
        .forEach(relation -> joined.add(renamed(relation)));
    return joined;
  }

  /** Whether an end of a relation came along; one that was no entity before is none here. */
  private boolean isHere(String id) {
    return renamed.containsKey(id) || !otherEntities.contains(id);
  }

  private Annotation renamed(Annotation annotation) {
    Optional<String> id = annotation.info().id();
    if (id.isEmpty()) {
      return annotation;
    }
    String name = free(id.get());
    if (annotation instanceof TextEntity) {
      renamed.putIfAbsent(id.get(), name);
    }
    return annotation.withInfo(annotation.info().withId(Optional.of(name)));
  }

  private Annotation renamed(TextRelation relation) {
    AnnotationInfo info = relation.info().withId(relation.info().id().map(this::free));
    return new TextRelation(
        relation.name(),
        renamed.getOrDefault(relation.from(), relation.from()),
        renamed.getOrDefault(relation.to(), relation.to()),
        info);
  }

  /** The id, or where it is taken the next one of its first letter. */
  private String free(String id) {
    String name = id;
    for (int number = 1; !taken.add(name); number++) {
      name = id.charAt(0) + Integer.toString(number);
    }
    return name;
  }

  /**
   * Those that are left of a sample's annotations, without relations that joined an entity which is
   * no longer there; a relation that joined none before stays.
   *
   * @param all of the sample
   */
  static List<Annotation> withoutLooseRelations(List<Annotation> left, List<Annotation> all) {
    Set<String> gone = new HashSet<>(entityIds(all.stream()));
    gone.removeAll(entityIds(left.stream()));
    return left.stream()
        .filter(
            annotation ->
                !(annotation instanceof TextRelation relation)
                    || (!gone.contains(relation.from()) && !gone.contains(relation.to())))
        .toList();
  }

  private static Set<String> entityIds(Stream<Annotation> annotations) {
    Set<String> ids = new HashSet<>();
    annotations
        .filter(TextEntity.class::isInstance)
        .forEach(entity -> entity.info().id().ifPresent(ids::add));
    return ids;
  }
}
