package io.millrace.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Label;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.inference.Answer.Classification;
import io.millrace.inference.Answer.Detection;
import io.millrace.inference.Answer.Detections;
import io.millrace.inference.Answer.LabelScore;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of a {@code *_result.txt}, in the shapes of ModelArts' guide. Boxes are {@code [y_min,
 * x_min, y_max, x_max]}, in this order.
 */
public final class AnswerJson {
  static final String CLASSES = "detection_classes";
  static final String BOXES = "detection_boxes";
  static final String SCORES = "detection_scores";
  static final String PREDICTED_LABEL = "predicted_label";
  static final String LABEL_SCORES = "scores";
  private static final JsonMapper MAPPER = new JsonMapper();

  private AnswerJson() {}

  public static String encode(Answer answer) {
    ObjectNode root = MAPPER.createObjectNode();
    if (answer instanceof Detections detections) {
      ArrayNode classes = root.putArray(CLASSES);
      ArrayNode boxes = root.putArray(BOXES);
      ArrayNode scores = root.putArray(SCORES);
      for (Detection detection : detections.found()) {
        BoundingBox box = detection.box();
        classes.add(detection.label().value());
        boxes.addArray().add(box.yMin()).add(box.xMin()).add(box.yMax()).add(box.xMax());
        scores.add(detection.score());
      }
    } else if (answer instanceof Classification classification) {
      root.put(PREDICTED_LABEL, classification.predicted().value());
      ArrayNode scores = root.putArray(LABEL_SCORES);
      for (LabelScore score : classification.ranking()) {
        scores.addArray().add(score.label().value()).add(score.score());
      }
    }
    return root.toString();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws DatasetException if it is anything else
   */
  public static Answer decode(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new DatasetException("Invalid answer: " + e.getOriginalMessage(), e);
    }
    return root.has(CLASSES) ? decodeDetections(root) : decodeClassification(root);
  }

  private static Detections decodeDetections(JsonNode root) {
    JsonNode classes = array(root, CLASSES);
    JsonNode boxes = array(root, BOXES);
    JsonNode scores = array(root, SCORES);
    if (boxes.size() != classes.size() || scores.size() != classes.size()) {
      throw new DatasetException("Invalid answer: its lists differ in length");
    }
    List<Detection> found = new ArrayList<>(classes.size());
    for (int i = 0; i < classes.size(); i++) {
      JsonNode box = boxes.get(i);
      found.add(
          new Detection(
              new Label(classes.get(i).textValue()),
              number(scores.get(i)),
              new BoundingBox(
                  number(box.get(1)), number(box.get(0)), number(box.get(3)), number(box.get(2)))));
    }
    return new Detections(found);
  }

  private static Classification decodeClassification(JsonNode root) {
    List<LabelScore> ranking = new ArrayList<>();
    for (JsonNode pair : array(root, LABEL_SCORES)) {
      JsonNode label = pair.get(0);
      ranking.add(
          new LabelScore(new Label(label == null ? null : label.textValue()), number(pair.get(1))));
    }
    return new Classification(ranking);
  }

  private static JsonNode array(JsonNode root, String field) {
    JsonNode node = root.path(field);
    if (!node.isArray()) {
      throw new DatasetException("Invalid answer: it has no list " + field);
    }
    return node;
  }

  private static double number(JsonNode node) {
    if (node == null || !node.isNumber()) {
      throw new DatasetException("Invalid answer: " + node + " (expected a number)");
    }
    return node.doubleValue();
  }
}
