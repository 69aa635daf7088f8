package io.millrace.inference.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Digest;
import io.millrace.dataset.Label;
import io.millrace.inference.model.ModelSpec.ClassificationOutput;
import io.millrace.inference.model.ModelSpec.DetectionOutput;
import io.millrace.inference.model.ModelSpec.Output;
import io.millrace.inference.vision.ColorOrder;
import io.millrace.inference.vision.DetectionSelection;
import io.millrace.inference.vision.ImagePreparation;
import io.millrace.inference.vision.LabelRanking;
import io.millrace.inference.vision.PixelLayout;

/**
 * Reads {@code model.yaml}. Every key must be known and every value must be of its kind.
 *
 * <pre>
 * model: model.onnx
 * sha256: ...                  optional, of the model file
 * task: object_detection       or image_classification
 * input:
 *   name: images
 *   width: 320
 *   height: 240
 *   layout: NCHW               or NHWC
 *   color: RGB                 or BGR
 *   resize: stretch
 *   scale: 0.00392156862745098
 *   mean: [0, 0, 0]
 *   std: [1, 1, 1]
 * output:                      of a detector
 *   boxes: boxes
 *   scores: scores
 *   score_threshold: 0.3
 *   nms_iou: 0.5
 *   max_detections: 200
 * output:                      of a classifier
 *   scores: logits
 *   activation: softmax        or none
 *   top_k: 5                   optional
 * labels: [cat, dog]
 * </pre>
 */
final class ModelYaml {
  static final String FILE_NAME = "model.yaml";

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private enum Task {
    OBJECT_DETECTION,
    IMAGE_CLASSIFICATION
  }

  private enum Resize {
    STRETCH
  }

  private ModelYaml() {}

  /**
   * Parses a description.
   *
   * @throws DatasetException naming the key that is wrong
   */
  static ModelSpec parse(String text) {
    JsonNode document;
    try {
      document = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DatasetException(
          "Invalid YAML at line %s, column %s: %s"
              .formatted(
                  e.getLocation() == null ? "?" : e.getLocation().getLineNr(),
                  e.getLocation() == null ? "?" : e.getLocation().getColumnNr(),
                  firstLine(e.getOriginalMessage())),
          e);
    }
    Section root =
        new Section("", document, "model", "sha256", "task", "input", "output", "labels");
    Task task = root.choice("task", Task.class);
    Section input =
        root.section(
            "input", "name", "width", "height", "layout", "color", "resize", "scale", "mean",
            "std");
    return new ModelSpec(
        root.text("model"),
        root.optionalText("sha256").map(Digest::new),
        input.text("name"),
        preparation(input),
        output(root, task),
        root.texts("labels").stream().map(Label::new).toList());
  }

  private static ImagePreparation preparation(Section input) {
    input.choice("resize", Resize.class);
    return new ImagePreparation(
        input.integer("width"),
        input.integer("height"),
        input.choice("layout", PixelLayout.class),
        input.choice("color", ColorOrder.class),
        input.number("scale"),
        input.numbers("mean"),
        input.numbers("std"));
  }

  private static Output output(Section root, Task task) {
    return switch (task) {
      case OBJECT_DETECTION ->
          detectionOutput(
              root.section(
                  "output", "boxes", "scores", "score_threshold", "nms_iou", "max_detections"));
      case IMAGE_CLASSIFICATION ->
          classificationOutput(root.section("output", "scores", "activation", "top_k"));
    };
  }

  private static Output detectionOutput(Section output) {
    return new DetectionOutput(
        output.text("boxes"),
        output.text("scores"),
        new DetectionSelection(
            output.number("score_threshold"),
            output.number("nms_iou"),
            output.integer("max_detections")));
  }

  private static Output classificationOutput(Section output) {
    return new ClassificationOutput(
        output.text("scores"),
        new LabelRanking(
            output.choice("activation", LabelRanking.Activation.class),
            output.integer("top_k", LabelRanking.DEFAULT_TOP_K)));
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("it cannot be parsed");
  }
}
