package io.millrace.analysis;

import static java.util.Objects.requireNonNull;

import io.millrace.analysis.box.BoxOverlap;
import io.millrace.analysis.box.BoxPosition;
import io.millrace.analysis.box.BoxSizes;
import io.millrace.analysis.image.BgrImage;
import io.millrace.analysis.image.Clarity;
import io.millrace.analysis.image.GreyImage;
import io.millrace.analysis.image.PixelMetrics;
import io.millrace.analysis.image.PixelRegion;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Shape.BoundingBox;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All measurements of one image and its boxes, in the order of {@link Metric}.
 *
 * @param boxes how many boxes the image has
 * @param boxesWithoutPixels boxes that cover no pixel of the image: they have no brightness and no
 *     clarity, and without an area no aspect ratio and no overlap either
 */
public record ImageMeasurements(List<Measurement> values, int boxes, int boxesWithoutPixels) {
  public ImageMeasurements {
    requireNonNull(values, "values is null");
    values = List.copyOf(values);
  }

  /**
   * Measures an image.
   *
   * @param boxes around its objects, in pixels; may reach out of the image
   * @param taskType decides which metrics are measured
   */
  public static ImageMeasurements of(
      BgrImage image, List<BoundingBox> boxes, LabelTaskType taskType) {
    Set<Metric> wanted = EnumSet.noneOf(Metric.class);
    wanted.addAll(Metric.of(taskType));
    List<Measurement> values = new ArrayList<>();
    GreyImage grey = GreyImage.of(image);
    ofImage(image, grey, values);
    if (!wanted.contains(Metric.BOX_COUNT)) {
      return new ImageMeasurements(values, 0, 0);
    }
    ofBoxesTogether(image, boxes, values);
    List<Optional<PixelRegion>> regions =
        boxes.stream().map(box -> PixelRegion.of(box, image.width(), image.height())).toList();
    double[] overlaps = BoxOverlap.of(boxes);
    for (int i = 0; i < boxes.size(); i++) {
      ofBoxGeometry(i, boxes.get(i), overlaps[i], image, values);
      ofBoxPixels(i, regions.get(i), image, grey, values);
    }
    int withoutPixels = (int) regions.stream().filter(Optional::isEmpty).count();
    return new ImageMeasurements(values, boxes.size(), withoutPixels);
  }

  private static void ofImage(BgrImage image, GreyImage grey, List<Measurement> values) {
    PixelMetrics pixels = PixelMetrics.of(image);
    values.add(Measurement.ofImage(Metric.RESOLUTION, (double) image.width() * image.height()));
    values.add(Measurement.ofImage(Metric.ASPECT_RATIO, (double) image.height() / image.width()));
    values.add(Measurement.ofImage(Metric.BRIGHTNESS, pixels.brightness()));
    values.add(Measurement.ofImage(Metric.SATURATION, pixels.saturation()));
    values.add(Measurement.ofImage(Metric.CLARITY, Clarity.of(grey)));
    values.add(Measurement.ofImage(Metric.COLORFULNESS, pixels.colorfulness()));
  }

  private static void ofBoxesTogether(
      BgrImage image, List<BoundingBox> boxes, List<Measurement> values) {
    values.add(Measurement.ofImage(Metric.BOX_COUNT, boxes.size()));
    if (!boxes.isEmpty()) {
      values.add(
          Measurement.ofImage(
              Metric.BOX_AREA_STD,
              BoxSizes.areaRatioDeviation(boxes, image.width(), image.height())));
    }
  }

  private static void ofBoxGeometry(
      int index, BoundingBox box, double overlap, BgrImage image, List<Measurement> values) {
    if (box.area() > 0) {
      values.add(Measurement.ofBox(Metric.BOX_ASPECT_RATIO, index, BoxSizes.aspectRatio(box)));
    }
    values.add(
        Measurement.ofBox(
            Metric.BOX_AREA_RATIO, index, BoxSizes.areaRatio(box, image.width(), image.height())));
    values.add(
        Measurement.ofBox(
            Metric.BOX_MARGIN, index, BoxPosition.margin(box, image.width(), image.height())));
    if (box.area() > 0) {
      values.add(Measurement.ofBox(Metric.BOX_OVERLAP, index, overlap));
    }
  }

  private static void ofBoxPixels(
      int index,
      Optional<PixelRegion> region,
      BgrImage image,
      GreyImage grey,
      List<Measurement> values) {
    region.ifPresent(
        pixels -> {
          values.add(
              Measurement.ofBox(
                  Metric.BOX_BRIGHTNESS, index, PixelMetrics.brightness(image, pixels)));
          values.add(Measurement.ofBox(Metric.BOX_CLARITY, index, Clarity.of(grey, pixels)));
        });
  }
}
