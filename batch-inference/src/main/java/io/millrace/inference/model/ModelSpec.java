package io.millrace.inference.model;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Digest;
import io.millrace.dataset.Label;
import io.millrace.inference.vision.DetectionSelection;
import io.millrace.inference.vision.ImagePreparation;
import io.millrace.inference.vision.LabelRanking;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code model.yaml} says: which file the model is, what it takes and what its outputs mean.
 *
 * @param file name of the ONNX file, beside the description
 * @param sha256 what the file's bytes must be, where that is given
 * @param inputName the graph's input
 * @param labels in the order of the graph's scores; each occurs once
 */
public record ModelSpec(
    String file,
    Optional<Digest> sha256,
    String inputName,
    ImagePreparation preparation,
    Output output,
    List<Label> labels) {

  /** What the graph's outputs mean. */
  public sealed interface Output {}

  /**
   * Boxes {@code [N, K, 4]} as {@code x_min, y_min, x_max, y_max} in input pixels, and for each a
   * score a label {@code [N, K, C]}.
   *
   * @param boxes name of the graph's output
   * @param scores name of the graph's output
   */
  public record DetectionOutput(String boxes, String scores, DetectionSelection selection)
      implements Output {
    public DetectionOutput {
      checkName("output.boxes", boxes);
      checkName("output.scores", scores);
      requireNonNull(selection, "selection is null");
    }
  }

  /**
   * A score a label {@code [N, C]}.
   *
   * @param scores name of the graph's output
   */
  public record ClassificationOutput(String scores, LabelRanking ranking) implements Output {
    public ClassificationOutput {
      checkName("output.scores", scores);
      requireNonNull(ranking, "ranking is null");
    }
  }

  public ModelSpec {
    checkName("model", file);
    requireNonNull(sha256, "sha256 is null");
    checkName("input.name", inputName);
    requireNonNull(preparation, "preparation is null");
    requireNonNull(output, "output is null");
    labels = List.copyOf(labels);
    checkArgument(!labels.isEmpty(), "Invalid labels: there are none (expected at least 1)");
    HashSet<Label> seen = new HashSet<>();
    labels.forEach(
        label -> checkArgument(seen.add(label), "Invalid labels: '%s' occurs twice", label));
  }

  private static void checkName(String key, String name) {
    checkArgument(name != null && !name.isBlank(), "Invalid %s: it is empty", key);
  }
}
