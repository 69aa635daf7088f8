package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.ingestion.BoxPolicy;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.probe.ImageProbe;
import java.io.Serializable;

/**
 * What a sample must keep to.
 *
 * @param probe limits of an image
 * @param sampleBytes limit of a sample that is no image
 * @param annotationFileBytes limit of an annotation file
 */
public record InspectionRules(
    ImageProbe probe, long sampleBytes, long annotationFileBytes, BoxPolicy boxPolicy)
    implements Serializable {
  public InspectionRules {
    requireNonNull(probe, "probe is null");
    requireNonNull(boxPolicy, "boxPolicy is null");
  }

  public static InspectionRules of(ImportConfig config) {
    return new InspectionRules(
        new ImageProbe(config.limits().imageBytes(), config.maxPixels()),
        config.limits().sampleBytes(),
        config.limits().annotationFileBytes(),
        config.boxPolicy());
  }
}
