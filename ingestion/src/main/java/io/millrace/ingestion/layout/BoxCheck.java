package io.millrace.ingestion.layout;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.ingestion.BoxPolicy;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares a sample's objects with the size of its image. A box is outside if any part of it is: a
 * box that ends exactly at the image's width or height is inside.
 */
final class BoxCheck {
  private BoxCheck() {}

  /** The sample as the policy leaves it. A sample of unknown size passes unchecked. */
  static Outcome check(Outcome.Accepted accepted, BoxPolicy policy) {
    Sample sample = accepted.sample();
    if (sample.measures().width().isEmpty() || sample.measures().height().isEmpty()) {
      return accepted;
    }
    int width = sample.measures().width().getAsInt();
    int height = sample.measures().height().getAsInt();
    List<Annotation> kept = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    for (Annotation annotation : sample.annotations()) {
      if (!(annotation instanceof ImageObject object)
          || object.shape().bounds().isInside(width, height)) {
        kept.add(annotation);
        continue;
      }
      boolean clippable = policy == BoxPolicy.CLIP && object.shape() instanceof BoundingBox;
      if (policy == BoxPolicy.KEEP) {
        kept.add(object);
        notes.add(Note.BOX_KEPT);
      } else if (clippable) {
        Optional<BoundingBox> part = ((BoundingBox) object.shape()).clip(width, height);
        part.ifPresent(box -> kept.add(withShape(object, box)));
        notes.add(part.isPresent() ? Note.BOX_CLIPPED : Note.BOX_DROPPED);
      } else {
        return refused(sample, object, width, height);
      }
    }
    return accepted.with(sample.withAnnotations(kept), notes);
  }

  private static Outcome refused(Sample sample, ImageObject object, int width, int height) {
    BoundingBox bounds = object.shape().bounds();
    return Outcome.refused(
        sample.source(),
        RejectReason.BOX_OUTSIDE_IMAGE,
        "Object %d, '%s', reaches from (%s, %s) to (%s, %s), outside the image of %d x %d pixels.",
        sample.annotations().indexOf(object) + 1,
        object.name(),
        plain(bounds.xMin()),
        plain(bounds.yMin()),
        plain(bounds.xMax()),
        plain(bounds.yMax()),
        width,
        height);
  }

  private static ImageObject withShape(ImageObject object, BoundingBox box) {
    return new ImageObject(object.taskType(), object.name(), box, object.traits(), object.info());
  }

  /** A coordinate without a needless fraction. */
  private static String plain(double coordinate) {
    return coordinate == Math.rint(coordinate) && Math.abs(coordinate) < 1e15
        ? Long.toString((long) coordinate)
        : Double.toString(coordinate);
  }
}
