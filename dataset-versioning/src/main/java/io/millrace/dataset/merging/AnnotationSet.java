package io.millrace.dataset.merging;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The annotations of a sample by what they say, whatever their order.
 *
 * <p>Two annotations say the same if they are equal but for their {@link AnnotationInfo}: the same
 * label; label and shape; label and stretch of a text or recording, with speaker and content. Two
 * relations say the same if their labels are, and the entities that they join say the same. Of
 * several that say the same in one sample the first, second ... are matched.
 */
final class AnnotationSet {

  /**
   * What an annotation says.
   *
   * @param content the annotation without its info
   * @param ends of a relation, the contents of the entities that it joins, or their ids where there
   *     are no such
   * @param number counts those before it that say the same
   */
  record Statement(Annotation content, List<Object> ends, int number) {}

  private final Map<Statement, Annotation> byStatement = new LinkedHashMap<>();

  AnnotationSet(List<Annotation> annotations) {
    Map<String, Annotation> entities = new HashMap<>();
    for (Annotation annotation : annotations) {
      if (annotation instanceof Annotation.TextEntity) {
        annotation.info().id().ifPresent(id -> entities.putIfAbsent(id, bare(annotation)));
      }
    }
    Map<Statement, Integer> seen = new HashMap<>();
    for (Annotation annotation : annotations) {
      Statement first = first(annotation, entities);
      int number = seen.merge(first, 1, Integer::sum) - 1;
      byStatement.put(new Statement(first.content(), first.ends(), number), annotation);
    }
  }

  private static Statement first(Annotation annotation, Map<String, Annotation> entities) {
    if (annotation instanceof Annotation.TextRelation relation) {
      List<Object> ends = new ArrayList<>(2);
      for (String id : List.of(relation.from(), relation.to())) {
        ends.add(entities.containsKey(id) ? entities.get(id) : id);
      }
      Annotation content =
          new Annotation.TextRelation(relation.name(), "from", "to", AnnotationInfo.NONE);
      return new Statement(content, List.copyOf(ends), 0);
    }
    return new Statement(bare(annotation), List.of(), 0);
  }

  private static Annotation bare(Annotation annotation) {
    return annotation.withInfo(AnnotationInfo.NONE);
  }

  boolean isEmpty() {
    return byStatement.isEmpty();
  }

  Set<Statement> statements() {
    return Collections.unmodifiableSet(byStatement.keySet());
  }

  boolean saysTheSameAs(AnnotationSet other) {
    return byStatement.keySet().equals(other.byStatement.keySet());
  }

  Optional<Annotation> find(Statement statement) {
    return Optional.ofNullable(byStatement.get(statement));
  }
}
