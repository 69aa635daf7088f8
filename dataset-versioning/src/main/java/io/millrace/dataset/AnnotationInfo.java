package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What every annotation may carry, whatever it annotates.
 *
 * @param id {@code E<n>} for entities and {@code R<n>} for relations; free text elsewhere
 * @param annotatedBy {@code human}, {@code modelarts/active-learning}, a model's name ...
 * @param creationTime when a person or model wrote it; manifests carry no time zone
 * @param confidence 0..1, of machine labels
 * @param foreignFields the JSON object text of fields that the model does not know, kept to be
 *     written back; empty text where there are none
 */
public record AnnotationInfo(
    Optional<String> id,
    Properties properties,
    Hardness hardness,
    Optional<String> annotatedBy,
    Optional<LocalDateTime> creationTime,
    OptionalDouble confidence,
    String foreignFields) {

  public static final AnnotationInfo NONE =
      new AnnotationInfo(
          Optional.empty(),
          Properties.EMPTY,
          Hardness.NONE,
          Optional.empty(),
          Optional.empty(),
          OptionalDouble.empty(),
          "");

  /** Who annotated where nobody is named, says ModelArts' format. */
  public static final String HUMAN = "human";

  /** A property of a confirmed label: who suggested it. */
  public static final String SUGGESTED_BY = "@millrace:suggested_by";

  /** A property of a confirmed label: how sure its suggester was, where that is known. */
  public static final String SUGGESTED_CONFIDENCE = "@millrace:suggested_confidence";

  public AnnotationInfo {
    requireNonNull(id, "id is null");
    requireNonNull(properties, "properties is null");
    requireNonNull(hardness, "hardness is null");
    requireNonNull(annotatedBy, "annotatedBy is null");
    requireNonNull(creationTime, "creationTime is null");
    requireNonNull(foreignFields, "foreignFields is null");
    checkArgument(
        confidence.isEmpty() || (confidence.getAsDouble() >= 0 && confidence.getAsDouble() <= 1),
        "Invalid confidence: %s (expected 0 to 1)",
        confidence);
  }

  /** The info of a label that a model gave. */
  public static AnnotationInfo ofMachine(String model, LocalDateTime time, double confidence) {
    return new AnnotationInfo(
        Optional.empty(),
        Properties.EMPTY,
        Hardness.NONE,
        Optional.of(model),
        Optional.of(time),
        OptionalDouble.of(confidence),
        "");
  }

  /** The info of a label that a person gave. */
  public static AnnotationInfo ofHuman(LocalDateTime time) {
    return NONE.withAnnotatedBy(Optional.of(HUMAN)).withCreationTime(Optional.of(time));
  }

  /**
   * Whether a machine gave it and no person has confirmed it: somebody is named, and it is not
   * {@code human} or one of them ({@code human/user}).
   */
  public boolean isByMachine() {
    return annotatedBy.filter(by -> !by.equals(HUMAN) && !by.startsWith(HUMAN + "/")).isPresent();
  }

  /**
   * A machine's label as the label of the person who agreed to it. Who suggested it and how sure
   * they were, which the format has no fields for, go into its properties.
   *
   * @throws IllegalStateException if it is not {@linkplain #isByMachine() a machine's}
   */
  public AnnotationInfo confirmed(LocalDateTime time) {
    if (!isByMachine()) {
      throw new IllegalStateException("Only a machine's label can be confirmed: " + annotatedBy);
    }
    Properties kept = properties.with(SUGGESTED_BY, annotatedBy.orElseThrow());
    if (confidence.isPresent()) {
      kept = kept.with(SUGGESTED_CONFIDENCE, BigDecimal.valueOf(confidence.getAsDouble()));
    }
    return new AnnotationInfo(
        id,
        kept,
        hardness,
        Optional.of(HUMAN),
        Optional.of(time),
        OptionalDouble.empty(),
        foreignFields);
  }

  public AnnotationInfo withId(Optional<String> id) {
    return new AnnotationInfo(
        id, properties, hardness, annotatedBy, creationTime, confidence, foreignFields);
  }

  public AnnotationInfo withHardness(Hardness hardness) {
    return new AnnotationInfo(
        id, properties, hardness, annotatedBy, creationTime, confidence, foreignFields);
  }

  public AnnotationInfo withAnnotatedBy(Optional<String> annotatedBy) {
    return new AnnotationInfo(
        id, properties, hardness, annotatedBy, creationTime, confidence, foreignFields);
  }

  public AnnotationInfo withCreationTime(Optional<LocalDateTime> creationTime) {
    return new AnnotationInfo(
        id, properties, hardness, annotatedBy, creationTime, confidence, foreignFields);
  }

  public AnnotationInfo withForeignFields(String foreignFields) {
    return new AnnotationInfo(
        id, properties, hardness, annotatedBy, creationTime, confidence, foreignFields);
  }
}
