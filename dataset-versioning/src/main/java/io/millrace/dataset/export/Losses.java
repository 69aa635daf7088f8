package io.millrace.dataset.export;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape;
import io.millrace.dataset.manifest.PropertiesJson;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is lost between a sample and what a format carries of it, found by comparing the two. What a
 * format adds is no loss, except a usage, which says something that nobody said.
 *
 * <p>Not compared is what belongs to the source and not to its description: address, size, digest,
 * times, measures, origin; nor where the mask image of a segmentation lies, which is drawn anew.
 */
public final class Losses {
  private static final String MASK_SOURCE = "mask_source";

  private Losses() {}

  /** How often each loss occurs in a sample; no zeros. */
  public static Map<Loss, Long> of(Sample sample, Fit.Taken taken) {
    if (sample.annotations().size() != taken.annotations().size()) {
      throw new IllegalStateException(
          "Sample %s has %s annotations, the format tells of %s"
              .formatted(sample.id(), sample.annotations().size(), taken.annotations().size()));
    }
    Map<Loss, Long> losses = new EnumMap<>(Loss.class);
    addSample(losses, sample, taken.carried());
    for (int i = 0; i < sample.annotations().size(); i++) {
      Annotation annotation = sample.annotations().get(i);
      Optional<Annotation> carried = taken.annotations().get(i);
      if (carried.isEmpty()) {
        add(losses, Loss.ANNOTATION, true);
      } else if (!carried.get().equals(annotation)) {
        addAnnotation(losses, annotation, carried.get());
      }
    }
    return Collections.unmodifiableMap(losses);
  }

  private static void addSample(Map<Loss, Long> losses, Sample sample, Sample carried) {
    add(losses, Loss.SAMPLE_ID, !sample.id().equals(carried.id()));
    add(losses, Loss.USAGE, isLost(sample.usage(), carried.usage()));
    add(losses, Loss.USAGE_ASSIGNED, sample.usage().isEmpty() && carried.usage().isPresent());
    add(losses, Loss.HARD, sample.hardness().hard() && !carried.hardness().hard());
    add(
        losses,
        Loss.HARD_COEFFICIENT,
        sample.hardness().coefficient().isPresent()
            && !sample.hardness().coefficient().equals(carried.hardness().coefficient()));
    add(losses, Loss.PROPERTIES, isLost(sample.properties(), carried.properties()));
    add(
        losses,
        Loss.INFERENCE_LOCATION,
        isLost(sample.inferenceLocation(), carried.inferenceLocation()));
    add(losses, Loss.FOREIGN_FIELDS, isLost(sample.foreignFields(), carried.foreignFields()));
  }

  private static void addAnnotation(
      Map<Loss, Long> losses, Annotation annotation, Annotation carried) {
    if (annotation.getClass() != carried.getClass()) {
      throw new IllegalStateException("%s became %s".formatted(annotation, carried));
    }
    add(losses, Loss.LABEL_CHANGED, isLost(annotation.label(), carried.label()));
    AnnotationInfo had = annotation.info();
    AnnotationInfo has = carried.info();
    add(losses, Loss.ANNOTATION_ID, isLost(had.id(), has.id()));
    add(losses, Loss.ANNOTATION_PROPERTIES, isLost(had.properties(), has.properties()));
    add(losses, Loss.ANNOTATION_HARD, had.hardness().hard() && !has.hardness().hard());
    add(
        losses,
        Loss.ANNOTATION_HARD_COEFFICIENT,
        had.hardness().coefficient().isPresent()
            && !had.hardness().coefficient().equals(has.hardness().coefficient()));
    add(losses, Loss.ANNOTATED_BY, isLost(had.annotatedBy(), has.annotatedBy()));
    add(losses, Loss.CREATION_TIME, isLost(had.creationTime(), has.creationTime()));
    add(
        losses,
        Loss.CONFIDENCE,
        had.confidence().isPresent() && !had.confidence().equals(has.confidence()));
    add(losses, Loss.ANNOTATION_FOREIGN_FIELDS, isLost(had.foreignFields(), has.foreignFields()));
    if (annotation instanceof ImageObject object) {
      addObject(losses, object, (ImageObject) carried);
    }
  }

  private static void addObject(Map<Loss, Long> losses, ImageObject object, ImageObject carried) {
    add(losses, Loss.TRAITS, !marks(object.traits()).equals(marks(carried.traits())));
    add(losses, Loss.MASK_COLOR, isLost(object.traits().maskColor(), carried.traits().maskColor()));
    Shape had = object.shape();
    Shape has = carried.shape();
    if (had.equals(has)) {
      return;
    }
    if (had.getClass() == has.getClass()) {
      add(losses, Loss.SHAPE_CUT, true);
    } else if (has instanceof Shape.BoundingBox || isBox(has)) {
      add(
          losses,
          had instanceof Shape.BoundingBox ? Loss.SHAPE_BECAME_POLYGON : Loss.SHAPE_BECAME_BOX,
          true);
    } else {
      add(
          losses,
          has instanceof Shape.Mask ? Loss.SHAPE_BECAME_MASK : Loss.SHAPE_BECAME_POLYGON,
          true);
    }
  }

  /** Whether a shape is the upright rectangle around itself, spelled as a polygon. */
  private static boolean isBox(Shape shape) {
    Shape.BoundingBox box = shape.bounds();
    return shape instanceof Shape.Polygon polygon
        && polygon.corners().size() == 4
        && polygon.corners().stream()
            .allMatch(
                corner ->
                    (corner.x() == box.xMin() || corner.x() == box.xMax())
                        && (corner.y() == box.yMin() || corner.y() == box.yMax()));
  }

  private static ObjectTraits marks(ObjectTraits traits) {
    return new ObjectTraits(
        traits.pose(), traits.truncated(), traits.occluded(), traits.difficult(), Optional.empty());
  }

  private static <T> boolean isLost(Optional<T> had, Optional<T> has) {
    return had.isPresent() && !had.equals(has);
  }

  /** Whether a property is missing or has another value. */
  private static boolean isLost(Properties had, Properties has) {
    return had.values().entrySet().stream()
        .anyMatch(
            property ->
                !has.values().containsKey(property.getKey())
                    || !sameValue(property.getValue(), has.values().get(property.getKey())));
  }

  private static boolean sameValue(Object had, Object has) {
    return had == null ? has == null : had.equals(has);
  }

  private static boolean isLost(String hadFields, String hasFields) {
    if (hadFields.equals(hasFields) || hadFields.isEmpty()) {
      return false;
    }
    return isLost(fields(hadFields), fields(hasFields));
  }

  /** Foreign fields without the address of the mask image. */
  private static Properties fields(String text) {
    if (text.isEmpty()) {
      return Properties.EMPTY;
    }
    Map<String, Object> fields = new LinkedHashMap<>(PropertiesJson.read(text).values());
    if (fields.get(ImageObject.VOC_FIELDS) instanceof Map<?, ?> voc) {
      Map<String, Object> others = new LinkedHashMap<>();
      voc.forEach((name, value) -> others.put((String) name, value));
      others.remove(MASK_SOURCE);
      fields.put(ImageObject.VOC_FIELDS, others);
      if (others.isEmpty()) {
        fields.remove(ImageObject.VOC_FIELDS);
      }
    }
    return new Properties(fields);
  }

  private static void add(Map<Loss, Long> losses, Loss loss, boolean isLost) {
    if (isLost) {
      losses.merge(loss, 1L, Long::sum);
    }
  }

  /** The codes of losses, by falling order of declaration; for messages. */
  static List<String> texts(Map<Loss, Long> losses) {
    return losses.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey().toText(entry.getValue()))
        .toList();
  }
}
