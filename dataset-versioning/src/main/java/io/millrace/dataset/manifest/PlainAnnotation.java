package io.millrace.dataset.manifest;

import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.StorageUri;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The fields of an annotation in a plain line, before it is known what task they belong to. */
final class PlainAnnotation {
  AnnotationKind kind;
  Optional<Label> name = Optional.empty();
  Optional<String> id = Optional.empty();
  Optional<StorageUri> location = Optional.empty();
  boolean isFormatted;
  boolean isHard;
  OptionalDouble coefficient = OptionalDouble.empty();
  Optional<String> annotatedBy = Optional.empty();
  Optional<LocalDateTime> creationTime = Optional.empty();
  OptionalDouble confidence = OptionalDouble.empty();
  Properties property = Properties.EMPTY;

  Label requiredName() throws NotPlainException {
    return NotPlainException.require(name);
  }

  /** The whole number that a property holds. */
  int integer(String key) throws NotPlainException {
    if (property.values().get(key) instanceof Long number && number <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw new NotPlainException();
  }

  /** The text that a property holds. */
  String text(String key) throws NotPlainException {
    if (property.values().get(key) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new NotPlainException();
  }

  Optional<String> optionalText(String key) throws NotPlainException {
    return property.values().containsKey(key) ? Optional.of(text(key)) : Optional.empty();
  }

  AnnotationInfo info() {
    return info(property);
  }

  /** What is said beside the annotation's own properties. */
  AnnotationInfo infoWithout(Set<String> own) {
    Map<String, Object> others = new LinkedHashMap<>(property.values());
    others.keySet().removeAll(own);
    return info(others.isEmpty() ? Properties.EMPTY : new Properties(others));
  }

  private AnnotationInfo info(Properties properties) {
    return new AnnotationInfo(
        id,
        properties,
        PlainValues.hardness(isHard, coefficient),
        annotatedBy,
        creationTime,
        confidence,
        "");
  }
}
