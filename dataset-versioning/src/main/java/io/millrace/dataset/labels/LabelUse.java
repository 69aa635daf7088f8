package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import java.util.List;
import java.util.Optional;

/**
 * A label of a dataset and how it is used.
 *
 * @param samples that have it
 * @param annotations that give it
 * @param machine of these, those that a machine gave and nobody confirmed
 * @param kinds of these annotations, such as {@code classification}, {@code entity}, {@code
 *     relation}
 * @param shapes of the objects among them, such as {@code box}; empty where there are none
 * @param maskColor {@code R,G,B} of its masks; empty where there are none or several
 */
public record LabelUse(
    Label label,
    long samples,
    long annotations,
    long machine,
    List<String> kinds,
    List<String> shapes,
    Optional<String> maskColor) {
  public LabelUse {
    requireNonNull(label, "label is null");
    requireNonNull(maskColor, "maskColor is null");
    kinds = List.copyOf(kinds);
    shapes = List.copyOf(shapes);
  }
}
