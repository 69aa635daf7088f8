package io.millrace.dataset.voc;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Hardness;
import io.millrace.dataset.Label;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Shape;
import java.util.List;
import java.util.OptionalDouble;

/**
 * An object in the image.
 *
 * @param confidence 0..1, of a machine's annotation
 * @param others its children that the model does not know
 */
public record VocObject(
    Label name,
    Shape shape,
    ObjectTraits traits,
    Hardness hardness,
    OptionalDouble confidence,
    Properties properties,
    List<VocPart> parts,
    List<VocElement> others) {
  public VocObject {
    requireNonNull(name, "name is null");
    requireNonNull(shape, "shape is null");
    requireNonNull(traits, "traits is null");
    requireNonNull(hardness, "hardness is null");
    requireNonNull(properties, "properties is null");
    checkArgument(
        confidence.isEmpty() || (confidence.getAsDouble() >= 0 && confidence.getAsDouble() <= 1),
        "Invalid confidence: %s (expected 0 to 1)",
        confidence);
    parts = List.copyOf(parts);
    others = List.copyOf(others);
  }

  /** An object about which nothing is known but its label and shape. */
  public static VocObject of(Label name, Shape shape) {
    return new VocObject(
        name,
        shape,
        ObjectTraits.DEFAULT,
        Hardness.NONE,
        OptionalDouble.empty(),
        Properties.EMPTY,
        List.of(),
        List.of());
  }
}
