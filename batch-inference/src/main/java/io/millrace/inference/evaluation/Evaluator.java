package io.millrace.inference.evaluation;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Label;
import io.millrace.inference.Answer;
import io.millrace.inference.Evaluation;
import java.util.List;
import java.util.Optional;

/**
 * Compares answers with annotations and chooses the figures that fit the answers. Not safe for use
 * by several threads.
 *
 * <p>An image counts where its annotations can be compared: objects with detections, exactly one
 * label with a classification. Images without annotations do not count, since nobody knows whether
 * there is nothing to find or nobody looked.
 */
public final class Evaluator {
  private final DetectionEvaluation detections = new DetectionEvaluation();
  private final ConfusionMatrix classifications = new ConfusionMatrix();

  /** Counts one image. */
  public void add(List<Annotation> truth, Answer answer) {
    if (answer instanceof Answer.Detections found) {
      List<TruthBox> objects =
          truth.stream()
              .filter(Annotation.ImageObject.class::isInstance)
              .map(Annotation.ImageObject.class::cast)
              .map(Evaluator::truthBox)
              .toList();
      if (!objects.isEmpty()) {
        detections.add(objects, found.found());
      }
    } else if (answer instanceof Answer.Classification classification) {
      List<Label> labels =
          truth.stream()
              .filter(Annotation.Classification.class::isInstance)
              .flatMap(annotation -> annotation.label().stream())
              .distinct()
              .toList();
      if (labels.size() == 1) {
        classifications.add(labels.get(0), classification.predicted());
      }
    }
  }

  /** The figures; empty where no image counted. */
  public Optional<Evaluation> result() {
    if (detections.images() > 0) {
      return Optional.of(detections);
    }
    return classifications.images() > 0 ? Optional.of(classifications) : Optional.empty();
  }

  private static TruthBox truthBox(Annotation.ImageObject object) {
    return new TruthBox(object.name(), object.shape().bounds(), object.traits().difficult());
  }
}
