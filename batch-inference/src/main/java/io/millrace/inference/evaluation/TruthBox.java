package io.millrace.inference.evaluation;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import io.millrace.dataset.Shape.BoundingBox;

/**
 * An object that is there, by its annotation.
 *
 * @param difficult whether finding it is neither rewarded nor punished, as in Pascal VOC
 */
public record TruthBox(Label label, BoundingBox box, boolean difficult) {
  public TruthBox {
    requireNonNull(label, "label is null");
    requireNonNull(box, "box is null");
  }
}
