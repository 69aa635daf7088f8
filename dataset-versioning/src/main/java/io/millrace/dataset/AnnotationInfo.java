package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

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
}
