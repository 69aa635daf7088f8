package io.millrace.dataset.export.format;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Limits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.LeftOutReason;
import io.millrace.dataset.voc.ParsedVoc;
import io.millrace.dataset.voc.VocCodec;
import io.millrace.dataset.voc.VocDocument;
import java.util.Iterator;
import java.util.Optional;

/** Objects in Pascal VOC files: what a reader gets is what the codec reads of what it writes. */
final class VocObjects {
  private static final VocCodec CODEC = new VocCodec(Limits.DEFAULT);

  private VocObjects() {}

  /** Whether VOC can say the annotation: a box without area is refused, and all with it. */
  static boolean isVoc(Annotation annotation) {
    return annotation instanceof ImageObject object
        && (!(object.shape() instanceof Shape.BoundingBox box)
            || (box.width() > 0 && box.height() > 0));
  }

  static boolean hasSize(Sample sample) {
    return sample.measures().width().isPresent() && sample.measures().height().isPresent();
  }

  /** That a format needs the size of an image, and it is unknown. */
  static Fit.LeftOut withoutSize() {
    return Fit.leftOut(
        LeftOutReason.SIZE_UNKNOWN,
        "The width and height of the image are unknown; import it again, so that its header is read.");
  }

  /**
   * What the reader of a VOC file gets, without what else annotates the sample.
   *
   * @param carried what the format carries of the sample besides
   * @param drawn the sample's annotations as they are written
   */
  static Fit fit(Sample sample, Sample carried, Sample drawn, LabelTaskType taskType) {
    if (drawn.annotations().stream().noneMatch(VocObjects::isVoc)) {
      return Fit.taken(carried, sample.annotations(), annotation -> Optional.empty());
    }
    if (!hasSize(sample)) {
      return withoutSize();
    }
    try {
      ParsedVoc parsed = CODEC.decode(CODEC.encode(VocDocument.of(onlyVoc(drawn))));
      if (!(parsed instanceof ParsedVoc.Accepted accepted)) {
        ParsedVoc.Rejected rejected = (ParsedVoc.Rejected) parsed;
        return Fit.leftOut(
            LeftOutReason.UNWRITABLE_TEXT,
            "Its VOC file could not be read back: %s.",
            rejected.message());
      }
      Iterator<ImageObject> read = accepted.document().imageObjects(taskType).iterator();
      return Fit.taken(
          carried,
          sample.annotations(),
          annotation -> isVoc(annotation) ? Optional.of(read.next()) : Optional.empty());
    } catch (DatasetException e) {
      return Fit.leftOut(LeftOutReason.UNWRITABLE_TEXT, "%s", e.getMessage());
    }
  }

  static Sample onlyVoc(Sample sample) {
    return sample.withAnnotations(sample.annotations().stream().filter(VocObjects::isVoc).toList());
  }

  static byte[] encode(VocDocument document) {
    return CODEC.encode(document);
  }
}
