package io.millrace.analysis;

import static java.util.Objects.requireNonNull;

import io.millrace.analysis.image.BgrImage;
import io.millrace.analysis.image.DecodedImage;
import io.millrace.analysis.image.Unreadable;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import java.util.List;
import java.util.Optional;

/**
 * A sample and what was measured of it.
 *
 * @param labels one for each annotation that has one, so that a label occurs as often as the sample
 *     carries it
 * @param boxes around its objects; measurements of boxes count into this list
 * @param unreadable why nothing was measured; empty where all was
 * @param boxesWithoutPixels see {@link ImageMeasurements}
 */
public record MeasuredSample(
    SampleId id,
    StorageUri source,
    Optional<Usage> usage,
    List<Label> labels,
    List<BoundingBox> boxes,
    Optional<Unreadable> unreadable,
    List<Measurement> measurements,
    int boxesWithoutPixels) {
  public MeasuredSample {
    requireNonNull(id, "id is null");
    requireNonNull(source, "source is null");
    requireNonNull(usage, "usage is null");
    requireNonNull(unreadable, "unreadable is null");
    labels = List.copyOf(labels);
    boxes = List.copyOf(boxes);
    measurements = List.copyOf(measurements);
  }

  /** Measures a sample whose file was decoded, or records why it could not be. */
  public static MeasuredSample of(Sample sample, DecodedImage decoded, LabelTaskType taskType) {
    if (decoded instanceof DecodedImage.Failed failed) {
      return create(sample, Optional.of(failed.reason()), new ImageMeasurements(List.of(), 0, 0));
    }
    BgrImage image = ((DecodedImage.Pixels) decoded).image();
    return create(sample, Optional.empty(), ImageMeasurements.of(image, boxesOf(sample), taskType));
  }

  /** The boxes around a sample's objects, in their order. */
  public static List<BoundingBox> boxesOf(Sample sample) {
    return sample.objects().stream().map(object -> object.shape().bounds()).toList();
  }

  private static MeasuredSample create(
      Sample sample, Optional<Unreadable> unreadable, ImageMeasurements measurements) {
    return new MeasuredSample(
        sample.id(),
        sample.source(),
        sample.usage(),
        sample.annotations().stream().map(Annotation::label).flatMap(Optional::stream).toList(),
        boxesOf(sample),
        unreadable,
        measurements.values(),
        measurements.boxesWithoutPixels());
  }
}
