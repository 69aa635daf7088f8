package io.millrace.analysis;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import java.util.Arrays;
import java.util.List;

/**
 * A quality metric of images and their boxes, as in table 5-20 of ModelArts' user guide. The id is
 * the metric's name in tables, JSON and job files.
 */
public enum Metric {
  /** Width x height, in square pixels. */
  RESOLUTION("resolution", Subject.IMAGE, "px²"),
  /** Height / width. */
  ASPECT_RATIO("aspect_ratio", Subject.IMAGE, ""),
  /** Perceived brightness, 0..255. */
  BRIGHTNESS("brightness", Subject.IMAGE, ""),
  /** Mean saturation of HSV, 0..1. */
  SATURATION("saturation", Subject.IMAGE, ""),
  /** Variance of the Laplacian of grey, in squared grey levels: low for blurred images. */
  CLARITY("clarity", Subject.IMAGE, ""),
  /** Colourfulness of Hasler and Süsstrunk. */
  COLORFULNESS("colorfulness", Subject.IMAGE, ""),
  /** Boxes of an image. */
  BOX_COUNT("box_count", Subject.BOXES_OF_IMAGE, ""),
  /** Population standard deviation of box area / image area within an image; 0 for one box. */
  BOX_AREA_STD("box_area_std", Subject.BOXES_OF_IMAGE, ""),
  /** Height / width of a box. */
  BOX_ASPECT_RATIO("box_aspect_ratio", Subject.BOX, ""),
  /** Area of a box / area of its image. */
  BOX_AREA_RATIO("box_area_ratio", Subject.BOX, ""),
  /** How near to the border a box lies: 0 in the centre of the image, 1 at its border. */
  BOX_MARGIN("box_margin", Subject.BOX, ""),
  /** Share of a box that the other boxes cover together, 0..1. */
  BOX_OVERLAP("box_overlap", Subject.BOX, ""),
  /** {@link #BRIGHTNESS} of the pixels of a box. */
  BOX_BRIGHTNESS("box_brightness", Subject.BOX, ""),
  /** {@link #CLARITY} of the pixels of a box. */
  BOX_CLARITY("box_clarity", Subject.BOX, "");

  /** What a metric has one value for. */
  public enum Subject {
    /** An image, whatever is annotated in it. */
    IMAGE,
    /** An image, of all its boxes together. */
    BOXES_OF_IMAGE,
    /** A box. */
    BOX
  }

  private final String id;
  private final Subject subject;
  private final String unit;

  Metric(String id, Subject subject, String unit) {
    this.id = id;
    this.subject = subject;
    this.unit = unit;
  }

  public String id() {
    return id;
  }

  public Subject subject() {
    return subject;
  }

  /** The unit to print behind a value; empty for a pure number. */
  public String unit() {
    return unit;
  }

  /** Whether values are whole numbers, so that a histogram must not cut between them. */
  public boolean isCount() {
    return this == BOX_COUNT;
  }

  /**
   * The metric of an id.
   *
   * @throws DatasetException for an unknown id, naming the known ones
   */
  public static Metric ofId(String id) {
    return Arrays.stream(values())
        .filter(metric -> metric.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new DatasetException(
                    "Invalid metric: '%s' (expected one of %s)"
                        .formatted(id, Arrays.stream(values()).map(Metric::id).toList())));
  }

  /**
   * The metrics that make sense for a label task type: all for object detection, those of whole
   * images for image classification; none for the others.
   */
  public static List<Metric> of(LabelTaskType taskType) {
    return switch (taskType) {
      case OBJECT_DETECTION -> List.of(values());
      case IMAGE_CLASSIFICATION ->
          Arrays.stream(values()).filter(metric -> metric.subject == Subject.IMAGE).toList();
      case IMAGE_SEGMENTATION,
          AUDIO_CLASSIFICATION,
          SPEECH_CONTENT,
          SPEECH_SEGMENTATION,
          TEXT_CLASSIFICATION,
          NAMED_ENTITY_RECOGNITION,
          TEXT_TRIPLE,
          VIDEO_ANNOTATION,
          TABLE,
          NONE ->
          List.of();
    };
  }
}
