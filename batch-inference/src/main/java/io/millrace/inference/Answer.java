package io.millrace.inference;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import io.millrace.dataset.Shape.BoundingBox;
import java.util.List;
import java.util.Optional;

/** What a model says about one image. */
public sealed interface Answer {

  /** The label it is surest of; empty where nothing was detected. */
  Optional<LabelScore> best();

  /** The objects found, best score first; possibly none. */
  record Detections(List<Detection> found) implements Answer {
    public Detections {
      found = List.copyOf(found);
    }

    @Override
    public Optional<LabelScore> best() {
      return found.stream()
          .findFirst()
          .map(detection -> new LabelScore(detection.label(), detection.score()));
    }
  }

  /** The labels of the whole image, best score first; at least one. */
  record Classification(List<LabelScore> ranking) implements Answer {
    public Classification {
      ranking = List.copyOf(ranking);
      checkArgument(!ranking.isEmpty(), "Invalid classification: it has no label");
    }

    public Label predicted() {
      return ranking.get(0).label();
    }

    @Override
    public Optional<LabelScore> best() {
      return Optional.of(ranking.get(0));
    }
  }

  /** One object: the box is in pixels of the image as it is stored, inside its borders. */
  record Detection(Label label, double score, BoundingBox box) {
    public Detection {
      requireNonNull(label, "label is null");
      requireNonNull(box, "box is null");
      checkFinite(score);
    }
  }

  /** A label and how sure the model is; a probability where its scores are. */
  record LabelScore(Label label, double score) {
    public LabelScore {
      requireNonNull(label, "label is null");
      checkFinite(score);
    }
  }

  private static void checkFinite(double score) {
    checkArgument(Double.isFinite(score), "Invalid score: %s (expected a finite number)", score);
  }
}
