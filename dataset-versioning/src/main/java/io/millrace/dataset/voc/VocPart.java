package io.millrace.dataset.voc;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import io.millrace.dataset.Shape;
import java.util.List;

/**
 * A part of an object, such as the head of a person.
 *
 * @param others its children that the model does not know
 */
public record VocPart(Label name, Shape shape, List<VocElement> others) {
  public VocPart {
    requireNonNull(name, "name is null");
    requireNonNull(shape, "shape is null");
    others = List.copyOf(others);
  }
}
