package io.millrace.inference.vision;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.Label;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.inference.Answer.Detection;
import io.millrace.inference.Answer.Detections;
import java.math.BigDecimal;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which of the many boxes that a detector proposes are its answer: those over a score, less those
 * that overlap a better one of the same label, the best few.
 *
 * @param scoreThreshold lowest score, 0 to 1
 * @param nmsIou overlap (intersection over union) over which the lower score of one label goes, 0
 *     to 1
 * @param maxDetections most boxes an image, at least 1
 */
public record DetectionSelection(double scoreThreshold, double nmsIou, int maxDetections) {
  public DetectionSelection {
    checkArgument(
        scoreThreshold >= 0 && scoreThreshold <= 1,
        "Invalid output.score_threshold: %s (expected 0 to 1)",
        scoreThreshold);
    checkArgument(
        nmsIou >= 0 && nmsIou <= 1, "Invalid output.nms_iou: %s (expected 0 to 1)", nmsIou);
    checkArgument(
        maxDetections >= 1 && maxDetections <= 100_000,
        "Invalid output.max_detections: %s (expected 1 to 100000)",
        maxDetections);
  }

  private record Candidate(float score, int label, BoundingBox box) {}

  /**
   * Chooses among the proposals for one image.
   *
   * @param boxes four numbers a proposal, {@code x_min, y_min, x_max, y_max} in input pixels
   * @param scores a number a label for each proposal
   * @param frame from input pixels to those of the image
   */
  public Detections apply(
      FloatBuffer boxes, FloatBuffer scores, List<Label> labels, ImageFrame frame) {
    List<Candidate> candidates = candidates(boxes, scores, labels.size());
    candidates.sort(Comparator.comparingDouble(candidate -> -candidate.score));
    List<Candidate> kept = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (kept.size() == maxDetections) {
        break;
      }
      if (kept.stream().noneMatch(better -> suppresses(better, candidate))) {
        kept.add(candidate);
      }
    }
    List<Detection> found = new ArrayList<>(kept.size());
    for (Candidate candidate : kept) {
      frame
          .toImage(candidate.box)
          .ifPresent(
              box ->
                  found.add(
                      new Detection(labels.get(candidate.label), shortest(candidate.score), box)));
    }
    return new Detections(found);
  }

  private List<Candidate> candidates(FloatBuffer boxes, FloatBuffer scores, int labels) {
    List<Candidate> candidates = new ArrayList<>();
    int proposals = scores.remaining() / labels;
    for (int proposal = 0; proposal < proposals; proposal++) {
      for (int label = 0; label < labels; label++) {
        float score = scores.get(scores.position() + proposal * labels + label);
        if (score >= scoreThreshold && Float.isFinite(score)) {
          addCandidate(candidates, boxes, proposal, label, score);
        }
      }
    }
    return candidates;
  }

  /** Leaves out boxes of no area and of coordinates that are no numbers. */
  private static void addCandidate(
      List<Candidate> candidates, FloatBuffer boxes, int proposal, int label, float score) {
    int at = boxes.position() + 4 * proposal;
    float xMin = boxes.get(at);
    float yMin = boxes.get(at + 1);
    float xMax = boxes.get(at + 2);
    float yMax = boxes.get(at + 3);
    if (xMin < xMax && yMin < yMax && Float.isFinite(xMax - xMin) && Float.isFinite(yMax - yMin)) {
      candidates.add(new Candidate(score, label, new BoundingBox(xMin, yMin, xMax, yMax)));
    }
  }

  private boolean suppresses(Candidate better, Candidate candidate) {
    return better.label == candidate.label
        && better.box.intersectionOverUnion(candidate.box) > nmsIou;
  }

  /** The double that is written like the float: 0.3, not 0.30000001192092896. */
  static double shortest(float value) {
    return new BigDecimal(Float.toString(value)).doubleValue();
  }
}
